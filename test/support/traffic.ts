import type { Api } from './api.js';
import type { Phone, Shop } from './shop.js';

let texts = 0;

/** Submits `count` texts, all different; returns their ids in the order of the request. `extra` may name a `route`. */
export async function submit(
  shop: Pick<Shop, 'client' | 'templateId' | 'phone'>,
  count = 1,
  extra: Record<string, unknown> = {},
): Promise<string[]> {
  const { status, body } = await shop.client.post('/requests', {
    template_id: shop.templateId,
    ...('route' in extra ? {} : { agent_id: shop.phone.agentId }),
    messages: Array.from({ length: count }, () => ({ to: '+84901230000', variables: { CODE: `no ${++texts}` } })),
    ...extra,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return idsOf(shop.client, body.request_id);
}

async function idsOf(client: Api, requestId: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ;) {
    const { body } = await client.get(`/messages?request_id=${requestId}&limit=500${cursor}`);
    ids.push(...body.items.map((message: { message_id: string }) => message.message_id));
    if (!body.next) return ids;
    cursor = `&cursor=${body.next}`;
  }
}

export interface Job {
  message_id: string;
  request_id: string;
  text: string;
  to: string;
  sim_slot: number | null;
  attempts: number;
  lease_id: string;
  lease_expires_at: string;
}

/** Ids of the messages that one poll leased. */
export async function leasedIds(phone: Phone, limit = 50): Promise<string[]> {
  return (await leaseJobs(phone, limit)).map((job) => job.message_id);
}

export async function leaseJobs(phone: Phone, limit = 50): Promise<Job[]> {
  const { status, body } = await phone.api.get(`/agent/jobs/next?limit=${limit}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.messages;
}

export async function statusOf(shop: Pick<Shop, 'client'>, id: string): Promise<string> {
  return (await shop.client.get(`/messages/${id}`)).body.status;
}
