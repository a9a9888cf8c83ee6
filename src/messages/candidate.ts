import type { MessageDoc } from './message.js';

/** What is read of a message that waits: enough to choose it, to change it and to count the change. */
export const CANDIDATE = [
  'tenant_id',
  'queue',
  'status',
  'rev',
  'priority_weight',
  'created_at',
  'schedule_at',
  'attempts',
  'expires_at',
  'sim_slot',
  'segments',
  'lease',
  'waiting',
  'purpose',
  'recall',
] as const;
export type Candidate = Pick<MessageDoc, '_id' | (typeof CANDIDATE)[number]>;

/** The head of a queue, with what gates judge by. */
export const HEAD = [
  ...CANDIDATE,
  'channel',
  'to',
  'client_id',
  'from',
  'route',
  'ignores_opt_outs',
  'follows',
] as const;
export type Head = Pick<MessageDoc, '_id' | (typeof HEAD)[number]>;

/** What its new holder is told: all that it needs to send it, without the history. */
export const CLAIMED = [
  ...HEAD,
  'request_id',
  'subject',
  'text',
  'unsubscribe_url',
  'priority',
  'encoding',
  'delays',
  'unsent',
] as const;
export type Claimed = Pick<MessageDoc, '_id' | (typeof CLAIMED)[number]>;

/** The order in which messages are claimed: ids carry the time of acceptance and the place in the request. */
export function inOrder(a: Candidate, b: Candidate): number {
  return a.priority_weight - b.priority_weight || (a._id < b._id ? -1 : 1);
}
