import type { Store } from '../../../src/database/collection.js';
import type { InboundDoc } from '../../../src/inbound/inbound-message.js';
import type { MessageDoc } from '../../../src/messages/message.js';
import type { SessionDoc } from '../../../src/proxy/session.js';
import type { Conversations } from './conversations.js';

export interface Rows {
  sessions: SessionDoc[];
  messages: MessageDoc[];
  /** Received texts that nobody has acted on. */
  waiting: InboundDoc[];
}

export async function readRows(store: Store): Promise<Rows> {
  const messages: MessageDoc[] = [];
  for await (const page of store.collection<MessageDoc>('sms_messages').pages({})) messages.push(...page);
  return {
    sessions: await store.collection<SessionDoc>('proxy_sessions').find({}),
    messages,
    waiting: await store.collection<InboundDoc>('inbound_messages').find({ handle_at: { $exists: true } }),
  };
}

/** The time passes for which nobody wants to wait: a dead gateway's openings are over, and so are sessions that expire. */
export async function passTime(store: Store, conversations: Conversations): Promise<void> {
  const sessions = store.collection<SessionDoc>('proxy_sessions');
  const past = new Date(Date.now() - 1000);
  await sessions.updateMany({ opening_until: { $exists: true } }, { $set: { opening_until: past, due_at: past } });
  for (const conversation of conversations.all.filter(({ id, end }) => id && end === 'expires')) {
    conversations.isEnding(conversation);
    conversation.end = 'expired';
    await sessions.updateOne({ _id: conversation.id! }, { $set: { expires_at: past, due_at: past } });
  }
}

/** What isn't at rest. */
export function unfinished({ sessions, messages, waiting }: Rows): string[] {
  return [
    ...sessions.filter(({ opening_until }) => opening_until).map(({ _id }) => `the session ${_id} is half open`),
    ...sessions.filter(({ closing }) => closing).map(({ _id }) => `the session ${_id} is half closed`),
    ...messages
      .filter(({ status }) => status === 'PENDING' || status === 'ASSIGNED' || status === 'SENDING')
      .map(({ _id, status }) => `${_id} is ${status}`),
    ...waiting.map(({ _id }) => `nobody has acted on ${_id}`),
  ];
}
