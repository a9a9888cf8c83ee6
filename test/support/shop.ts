import type { Api } from './api.js';
import type { TestGateway } from './gateway.js';

/** A tenant that is ready to send: an administrator, a client's key, an approved template and a phone. */
export interface Shop {
  admin: Api;
  client: Api;
  keyId: string;
  templateId: string;
  phone: Phone;
}
export interface Phone {
  api: Api;
  agentId: string;
  token: string;
  deviceId: string;
}

export async function openShop(
  gateway: TestGateway,
  options: { content?: string; scopes?: string[]; dailyLimit?: number } = {},
): Promise<Shop> {
  const admin = await gateway.admin();
  const key = await createKey(admin, options.scopes ?? ['sms:send', 'sms:read'], options.dailyLimit);
  return {
    admin,
    client: gateway.api.withKey(key.plain_key),
    keyId: key.id,
    templateId: await approvedTemplate(admin, options.content ?? 'Ma OTP {CODE}'),
    phone: await registerPhone(gateway),
  };
}

export async function createKey(
  admin: Api,
  scopes: string[],
  dailyLimit?: number,
): Promise<{ id: string; plain_key: string }> {
  const answer = await admin.post('/admin/api-keys', {
    client_name: 'SafeShop',
    scopes,
    ...(dailyLimit === undefined ? {} : { rate_limit_per_day: dailyLimit }),
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

export async function approvedTemplate(admin: Api, content: string): Promise<string> {
  const { body } = await admin.post('/templates', { name: 'otp', content });
  await admin.post(`/templates/${body.id}/approve`);
  return body.id;
}

let devices = 0;

export async function registerPhone(gateway: TestGateway, extra: Record<string, unknown> = {}): Promise<Phone> {
  const deviceId = `phone-${++devices}`;
  const { status, body } = await gateway.api.post('/agent/register', { device_id: deviceId, ...extra });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { api: gateway.api.withToken(body.agent_token), agentId: body.agent_id, token: body.agent_token, deviceId };
}

/** A request with one message for each code, each to a different number. */
export function codes(shop: Pick<Shop, 'templateId' | 'phone'>, ...values: string[]) {
  return {
    template_id: shop.templateId,
    agent_id: shop.phone.agentId,
    messages: values.map((CODE, i) => ({ to: `+849012${String(30000 + i)}`, variables: { CODE } })),
  };
}

/** Leases up to `limit` jobs. */
export async function lease(
  phone: Phone,
  limit = 50,
): Promise<{ message_id: string; lease_id: string; text: string; to: string }[]> {
  const { body } = await phone.api.get(`/agent/jobs/next?limit=${limit}`);
  return body.messages;
}

export async function report(phone: Phone, message_id: string, status: string, extra: Record<string, unknown> = {}) {
  const { body } = await phone.api.post('/agent/messages/report', { messages: [{ message_id, status, ...extra }] });
  return body.results[0] as { result: string; status: string; allowed?: string[] };
}
