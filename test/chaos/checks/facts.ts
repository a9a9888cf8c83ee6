import type { DailyCountDoc } from '../../../src/counters/daily-counts.repository.js';
import type { Store } from '../../../src/database/collection.js';
import type { MessageDoc } from '../../../src/messages/message.js';
import type { FingerprintDoc } from '../../../src/requests/fingerprints.repository.js';
import type { RequestDoc } from '../../../src/requests/request.js';

const BATCH = 2000;

/** What one message of the store says for the counts. */
export interface MessageFact {
  key: string;
  requestId: string;
  isDuplicate: boolean;
  isLive: boolean;
}

/** All that the store holds, small enough to be kept whole. */
export interface Facts {
  requests: Map<string, RequestDoc>;
  messages: Map<string, MessageFact>;
  fingerprints: Map<string, FingerprintDoc>;
  counters: DailyCountDoc[];
}

/** Reads everything; `visit` sees each message whole. */
export async function readFacts(store: Store, visit: (message: MessageDoc) => void): Promise<Facts> {
  const facts: Facts = { requests: new Map(), messages: new Map(), fingerprints: new Map(), counters: [] };
  for await (const page of store.collection<RequestDoc>('sms_requests').pages({}, { batch: 200 }))
    for (const request of page) facts.requests.set(request._id, request);
  for await (const page of store.collection<MessageDoc>('sms_messages').pages({}, { batch: BATCH })) {
    for (const message of page) {
      visit(message);
      facts.messages.set(message._id, factOf(message));
    }
  }
  for await (const page of store.collection<FingerprintDoc>('fingerprints').pages({}, { batch: BATCH }))
    for (const fingerprint of page) facts.fingerprints.set(fingerprint.message_id, fingerprint);
  facts.counters = await store.collection<DailyCountDoc>('counters').find({ kind: 'limit' });
  return facts;
}

function factOf({ to, text, request_id, status, last_error }: MessageDoc): MessageFact {
  const isDuplicate = last_error === 'DUPLICATE_RECENT';
  return {
    key: `${to} ${text.replace(/^\D+/, '')}`,
    requestId: request_id,
    isDuplicate,
    isLive: status !== 'FAILED' && status !== 'CANCELED',
  };
}

/** A request that is there for good. */
export function isCommitted(request: RequestDoc | undefined): request is RequestDoc {
  return request !== undefined && !request.tombstone;
}
