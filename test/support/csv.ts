import { ImportWorker } from '../../src/imports/import.worker.js';
import type { Answer, Api } from './api.js';
import type { TestGateway } from './gateway.js';
import { must } from './people.js';
import type { Shop } from './shop.js';

type Parameters = Record<string, string>;

/** Sends only a file as the body, with everything else in the query. */
export function importCsv(
  api: Api,
  csv: string | Uint8Array,
  parameters: Parameters,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const init = { body: csv as NonNullable<RequestInit['body']>, headers: { 'content-type': 'text/csv', ...headers } };
  return api.call('POST', `/requests/import?${new URLSearchParams(parameters).toString()}`, undefined, init);
}

/** Sends a form whose last part is the file. */
export function importForm(
  api: Api,
  csv: string,
  parameters: Parameters,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(parameters)) form.append(name, value);
  form.append('file', new Blob([csv], { type: 'text/csv' }), 'numbers.csv');
  return api.call('POST', '/requests/import', undefined, { body: form, headers });
}

export function toShop(shop: Shop, extra: Parameters = {}): Parameters {
  return { template_id: shop.templateId, agent_id: shop.phone.agentId, ...extra };
}

/** `count` lines, each to a different number. */
export function csvOf(count: number, from = 0): string {
  const lines = Array.from({ length: count }, (_, i) => `+8490${1_000_000 + from + i},${i}`);
  return ['to,CODE', ...lines].join('\n');
}

/** Returns the import when the worker has nothing more to do. */
export async function worked(gateway: TestGateway, api: Api, accepted: Answer): Promise<Answer['body']> {
  const { import_id } = must(202, accepted);
  await gateway.get(ImportWorker).run();
  return must(200, await api.get(`/requests/import/${import_id}`));
}
