import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { csvOf, importCsv, toShop } from '../support/csv.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { openShop, type Shop } from '../support/shop.js';

/** Two gateways on one database, which the embedded store doesn't allow. */
(process.env['E2E_STORE'] === 'mongo' ? describe : describe.skip)('roles of a gateway', () => {
  let api: TestGateway;
  let shop: Shop;
  let worker: TestGateway;

  beforeAll(async () => {
    api = await TestGateway.start({ ROLE: 'api' }, { realTime: true });
    shop = await openShop(api);
  });
  afterAll(async () => {
    await worker?.stop();
    await api.stop();
  });

  const turnsOf = async (gateway: TestGateway) => {
    const { body } = await gateway.api.get('/metrics');
    return [...(body as string).matchAll(/^trunkline_worker_seconds_count\{worker="(\w+)"\} [1-9]/gm)].map(
      ([, name]) => name!,
    );
  };

  it('api takes calls and leaves the work to a worker', async () => {
    const { import_id } = must(202, await importCsv(shop.client, csvOf(10), toShop(shop)));
    const status = async () => must(200, await shop.client.get(`/requests/import/${import_id}`)).status;
    worker = await api.beside({ ROLE: 'worker' });
    while ((await status()) !== 'done') await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await turnsOf(worker)).toEqual(expect.arrayContaining(['recovery', 'queues', 'imports']));
    // What is about its own process alone.
    expect((await turnsOf(api)).filter((name) => name !== 'heartbeat' && name !== 'clock')).toEqual([]);
  });

  it('worker answers how it is, and nothing else', async () => {
    worker ??= await api.beside({ ROLE: 'worker' });
    for (const path of ['/health', '/health/live', '/sms/health/ready', '/metrics'])
      expect((await worker.api.get(path)).status).toBe(200);
    const client = worker.api.as(shop.client.credentials);
    for (const answer of [
      await client.get('/messages/all'),
      await client.post('/requests', {}),
      await worker.api.as(shop.phone.api.credentials).get('/agent/jobs/next'),
      await worker.api.get('/schema/openapi.json'),
      await worker.api.get('/'),
    ])
      expectError(answer, 503, 'worker_only');
  });
});
