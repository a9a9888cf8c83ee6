import { InboundWorker } from '../../src/inbound/inbound.worker.js';
import type { MessageDoc } from '../../src/messages/message.js';
import type { Api } from './api.js';
import type { TestGateway } from './gateway.js';
import { must } from './people.js';
import { isoIn } from './sending.js';
import type { Phone } from './shop.js';

export function textFrom(gateway: TestGateway, from: string, text: string, extra: Record<string, unknown> = {}) {
  return { from, text, received_at: isoIn(gateway, 0), ...extra };
}

/** The phone tells of a text that it has received; returns the ids of what was stored, once every handler has had it. */
export async function hear(
  gateway: TestGateway,
  phone: Phone,
  { from, text, ...extra }: { from: string; text: string },
): Promise<string[]> {
  const told = { messages: [textFrom(gateway, from, text, extra)] };
  const { results } = must(200, await phone.api.post('/agent/messages/inbound', told));
  await gateway.get(InboundWorker).run();
  return results.map(({ id }: { id: string }) => id);
}

export async function optOutsOf(api: Api, number: string): Promise<any[]> {
  return must(200, await api.get(`/opt-outs?number=${encodeURIComponent(number)}`)).items;
}

/** What the gateway has sent to a number by itself. */
export function ownTexts(gateway: TestGateway, to: string): Promise<MessageDoc[]> {
  const messages = gateway.store.collection<MessageDoc>('sms_messages');
  return messages.find({ to, client_id: 'system' }, { sort: { _id: 1 } });
}
