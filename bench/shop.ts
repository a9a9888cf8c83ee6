import { encodeRequest } from './connection.js';
import { ADMIN, type Gateway } from './gateway.js';
import type { Load } from './load.js';

/** A tenant that is ready to send: a client's key, an approved template and phones. */
export interface Shop {
  tenant: string;
  keyId: string;
  key: { 'x-api-key': string };
  templateId: string;
  phones: Phone[];
}
export interface Phone {
  agentId: string;
  token: { authorization: string };
}

const TEMPLATE =
  'SafeShop: {CODE} is your code for order {ORDER}. It is valid for 5 minutes; do not tell it to anybody.';

export async function openShop(gateway: Gateway, phones: number, dailyLimit?: number): Promise<Shop> {
  const load = await gateway.load(1);
  const post = <T>(path: string, body: unknown, headers: Record<string, string> = {}, status = 201): Promise<T> =>
    load.ask<T>(encodeRequest('POST', path, headers, body), status);
  try {
    const admin = await loginAsAdmin(load);
    const tenants = await load.ask<{ items: { id: string; slug: string }[] }>(
      encodeRequest('GET', '/admin/tenants', admin),
    );
    const key = await post<{ id: string; plain_key: string }>(
      '/admin/api-keys',
      {
        client_name: 'SafeShop',
        scopes: ['sms:send', 'sms:read'],
        ...(dailyLimit ? { rate_limit_per_day: dailyLimit } : {}),
      },
      admin,
    );
    const template = await post<{ id: string }>('/templates', { name: 'code', content: TEMPLATE }, admin);
    await post(`/templates/${template.id}/approve`, {}, admin, 200);
    const shop: Shop = {
      tenant: tenants.items.find(({ slug }) => slug === 'default')!.id,
      keyId: key.id,
      key: { 'x-api-key': key.plain_key },
      templateId: template.id,
      phones: [],
    };
    for (let i = 0; i < phones; i++) {
      const phone = await post<{ agent_id: string; agent_token: string }>('/agent/register', {
        device_id: `phone-${i}`,
      });
      shop.phones.push({ agentId: phone.agent_id, token: { authorization: `Bearer ${phone.agent_token}` } });
    }
    return shop;
  } finally {
    load.close();
  }
}

export async function loginAsAdmin(load: Load): Promise<{ authorization: string }> {
  const { access_token } = await load.ask<{ access_token: string }>(encodeRequest('POST', '/auth/login', {}, ADMIN));
  return { authorization: `Bearer ${access_token}` };
}

let texts = 0;

/** Numbers and texts that never repeat. */
export function newMessage(): { to: string; variables: { CODE: string; ORDER: string } } {
  const n = ++texts;
  return {
    to: `+8490${String(n % 10_000_000).padStart(7, '0')}`,
    variables: { CODE: String(100_000 + ((n * 7919) % 900_000)), ORDER: `${process.pid}-${n}` },
  };
}

/** A submission of `count` messages to one phone, as bytes. */
export function submission(shop: Shop, phone: Phone, count: number, key: Record<string, string> = shop.key): Buffer {
  const messages = Array.from({ length: count }, newMessage);
  return encodeRequest('POST', '/requests', key, { template_id: shop.templateId, agent_id: phone.agentId, messages });
}

export function leaseOf(phone: Phone, limit: number, wait = 0): Buffer {
  return encodeRequest('GET', `/agent/jobs/next?limit=${limit}${wait ? `&wait=${wait}` : ''}`, phone.token);
}

export function reportOf(phone: Phone, ids: readonly string[], status: string): Buffer {
  const messages = ids.map((message_id) => ({ message_id, status }));
  return encodeRequest('POST', '/agent/messages/report', phone.token, { messages });
}
