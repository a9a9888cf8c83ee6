import type { AgentDoc } from '../../../src/agents/agent.js';
import type { Store } from '../../../src/database/collection.js';
import type { MessageDoc } from '../../../src/messages/message.js';
import type { AppFleet } from './phones.js';

export interface Rows {
  messages: MessageDoc[];
  agents: AgentDoc[];
}

export async function readRows(store: Store): Promise<Rows> {
  const messages: MessageDoc[] = [];
  for await (const page of store.collection<MessageDoc>('sms_messages').pages({})) messages.push(...page);
  return { messages, agents: await store.collection<AgentDoc>('agents').find({}) };
}

/**
 * The time passes for which nobody wants to wait: what phones hold that are gone for good has lived its life. And the gateway may be
 * another version, with settings of which no phone knows.
 */
export async function passTime(store: Store, fleet: AppFleet): Promise<void> {
  const past = new Date(Date.now() - 1000);
  await store.collection<AgentDoc>('agents').updateMany({}, { $unset: { app_settings: '' } });
  fleet.forgetSettings();
  const messages = store.collection<MessageDoc>('sms_messages');
  for await (const page of messages.pages({ status: { $in: ['ASSIGNED', 'SENDING'] } })) {
    const lost = page.filter(({ lease }) => lease && !lease.ended_at && fleet.gone.has(lease.holder));
    await messages.updateEach(
      lost.map(({ _id }) => ({ filter: { _id }, update: { $set: { expires_at: past, fails_at: past } } })),
    );
  }
}

/** What isn't at rest. */
export function unfinished({ messages }: Rows): string[] {
  return messages
    .filter(({ status }) => status === 'PENDING' || status === 'ASSIGNED' || status === 'SENDING')
    .map(({ _id, status }) => `${_id} is ${status}`);
}
