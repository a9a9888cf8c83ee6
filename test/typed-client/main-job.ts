import createClient from 'openapi-fetch';
import type { paths } from './generated/api.js';

/**
 * The main job by a client that knows nothing but the types generated from the gateway's OpenAPI document. The spec beside the e2e
 * suites generates them, has this folder checked by tsc, and runs it. The marks of an expected error prove that the types say no.
 */
export async function mainJob(baseUrl: string, username: string, password: string): Promise<MainJob> {
  const anyone = createClient<paths>({ baseUrl });
  const login = await must(anyone.POST('/auth/login', { body: { username, password } }));
  const admin = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${login.access_token}` } });

  const key = await must(
    admin.POST('/admin/api-keys', { body: { client_name: 'SafeShop', scopes: ['sms:send', 'sms:read'] } }),
  );
  const client = createClient<paths>({ baseUrl, headers: { 'x-api-key': key.plain_key } });

  const template = await must(admin.POST('/templates', { body: { name: 'otp', content: 'Ma OTP {CODE}' } }));
  await must(admin.POST('/templates/{id}/approve', { params: { path: { id: template.id } }, body: {} }));

  const registered = await must(anyone.POST('/agent/register', { body: { device_id: 'typed-phone' } }));
  const phone = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${registered.agent_token}` } });

  const accepted = await must(
    client.POST('/requests', {
      params: { header: { 'Idempotency-Key': 'order-1001' } },
      body: {
        template_id: template.id,
        agent_id: registered.agent_id,
        messages: [{ to: '0901234567', variables: { CODE: '123456' }, client_reference: 'order-1001' }],
      },
    }),
  );

  const batch = await must(phone.GET('/agent/jobs/next', { params: { query: { limit: 10 } } }));
  const leased = batch.messages.map(({ message_id, text }) => ({ message_id, text }));
  for (const status of ['SENDING', 'SENT', 'DELIVERED'] as const) {
    const messages = leased.map(({ message_id }) => ({ message_id, status }));
    const { updated } = await must(phone.POST('/agent/messages/report', { body: { messages } }));
    if (updated !== leased.length) throw new Error(`${status}: ${updated} of ${leased.length}`);
  }

  const query = { request_id: accepted.request_id };
  const listed = await must(client.GET('/messages', { params: { query } }));
  const path = { id: listed.items[0]!.message_id };
  const message = await must(client.GET('/messages/{id}', { params: { path } }));
  const refused = await client.GET('/messages/{id}', { params: { path: { id: 'msg_nowhere' } } });
  return {
    texts: leased.map(({ text }) => text),
    status: message.status,
    events: message.history.map(({ event, to }) => to ?? event),
    reference: message.client_reference,
    refused: refused.error?.code,
  };
}

export interface MainJob {
  texts: string[];
  status: 'PENDING' | 'ASSIGNED' | 'SENDING' | 'SENT' | 'DELIVERED' | 'FAILED' | 'CANCELED';
  events: string[];
  reference: string | null;
  /** The code of an error, which is typed as well. */
  refused: string | undefined;
}

/** @throws when the answer is an error. */
async function must<D>(call: Promise<{ data?: D; error?: unknown; response: Response }>): Promise<NonNullable<D>> {
  const { data, error, response } = await call;
  if (data === undefined || data === null) throw new Error(`${response.status}: ${JSON.stringify(error)}`);
  return data;
}

/** Never run. */
export async function whatTheTypesRefuse(): Promise<void> {
  const client = createClient<paths>({ baseUrl: 'http://nowhere.invalid' });
  // @ts-expect-error -- no such route
  await client.GET('/nothing');
  // @ts-expect-error -- a required field is missing
  await client.POST('/templates', { body: { name: 'otp' } });
  // @ts-expect-error -- a number where a text belongs
  await client.POST('/auth/login', { body: { username: 'admin', password: 12345 } });
  const { data } = await client.GET('/messages/{id}', { params: { path: { id: 'x' } } });
  // @ts-expect-error -- not a field of this answer
  void data?.phone_number;
  // @ts-expect-error -- not a status
  if (data?.status === 'BOUNCED') return;
}
