import { Clock } from '../src/common/clock.js';
import { messageId, newId } from '../src/common/ids.js';
import { asTenantId } from '../src/common/tenant-id.js';
import { DailyCountsRepository } from '../src/counters/daily-counts.repository.js';
import type { Store } from '../src/database/collection.js';
import { fingerprint } from '../src/domain/fingerprint.js';
import { DAY_MILLIS } from '../src/domain/time.js';
import { ChangedMinutes } from '../src/messages/counting/changed-minutes.js';
import type { MessageDoc } from '../src/messages/message.js';
import { MessageEvents } from '../src/messages/message-events.js';
import { MessagesRepository } from '../src/messages/messages.repository.js';
import { MinuteMarksRepository } from '../src/messages/counting/minute-marks.repository.js';
import { QueueWaiters } from '../src/messages/queue-waiters.js';
import { NoOtherGateways } from '../src/messages/waking/wake-bus.js';
import { DayShares } from '../src/requests/day-shares.js';
import { Expansion } from '../src/requests/expansion.js';
import { FingerprintsRepository } from '../src/requests/fingerprints.repository.js';
import type { RequestDoc } from '../src/requests/request.js';
import { RequestsRepository } from '../src/requests/requests.repository.js';

export interface Filling {
  tenant: string;
  clientId: string;
  templateId: string;
  /** The messages are spread evenly over these phones. */
  agentIds: readonly string[];
  messages: number;
  /** Days from now; 0: due at once. */
  dueInDays: number;
  fingerprints: boolean;
}

const PER_REQUEST = 5000;
const AT_ONCE = 3;

/** Writes requests as acceptance commits them, and expands them with acceptance's own code, so the stored documents are real ones. */
export async function fillStore(store: Store, filling: Filling): Promise<void> {
  const waiting = requestsOf(filling);
  const work = async (): Promise<void> => {
    for (const request of waiting) await fillRequest(store, request, filling.fingerprints);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function fillRequest(store: Store, request: RequestDoc, fingerprints: boolean): Promise<void> {
  const requests = new RequestsRepository(store);
  const { recipients: _, content: __, ...kept } = request;
  await requests.insert({ ...kept, expanded: true });
  await expansionInto(store).expand(request);
  if (!fingerprints) return;
  const expires_at = new Date(request.created_at.getTime() + DAY_MILLIS);
  await new FingerprintsRepository(store).takeFree(
    request.recipients!.map(({ to }, sequence) => ({
      _id: FingerprintsRepository.key(request.tenant_id, fingerprint(to, textOf(request, sequence))),
      tenant_id: request.tenant_id,
      request_id: request._id,
      message_id: messageId(request._id, sequence),
      at: request.created_at,
      expires_at,
    })),
  );
}

/** Acceptance's fourth step, which writes a request's messages, over any store. */
export function expansionInto(store: Store, messages = messagesOf(store)): Expansion {
  const shares = new DayShares(new DailyCountsRepository(store), new Clock());
  return new Expansion(messages, new RequestsRepository(store), shares, new QueueWaiters(new NoOtherGateways()));
}

function messagesOf(store: Store): MessagesRepository {
  const marks = new MinuteMarksRepository(store);
  return new MessagesRepository(store, new MessageEvents(), new ChangedMinutes(marks, new Clock()));
}

/** The documents of one request of `count` messages, without writing them. */
export async function messageDocuments(store: Store, request: RequestDoc): Promise<MessageDoc[]> {
  const made: MessageDoc[] = [];
  const collect = { insertMissing: (chunk: readonly MessageDoc[]) => Promise.resolve(void made.push(...chunk)) };
  await expansionInto(store, collect as unknown as MessagesRepository).expand(request);
  return made;
}

function* requestsOf(filling: Filling): Generator<RequestDoc> {
  for (let made = 0, n = 0; made < filling.messages; n++) {
    const count = Math.min(PER_REQUEST, Math.ceil(filling.messages / filling.agentIds.length), filling.messages - made);
    yield newRequest(filling, filling.agentIds[n % filling.agentIds.length]!, count);
    made += count;
  }
}

export function newRequest(filling: Omit<Filling, 'agentIds'>, agentId: string, count: number): RequestDoc {
  const now = new Date();
  const schedule = filling.dueInDays > 0 ? new Date(now.getTime() + filling.dueInDays * DAY_MILLIS) : undefined;
  const id = newId('req');
  return {
    _id: id,
    tenant_id: asTenantId(filling.tenant),
    client_id: filling.clientId,
    template_id: filling.templateId,
    content: 'SafeShop: {CODE} is your code for order {ORDER}. It is valid for 5 minutes; do not tell it to anybody.',
    is_template: true,
    agent_id: agentId,
    route: `agent:${agentId}`,
    metadata: null,
    expires_at: new Date(now.getTime() + 30 * DAY_MILLIS),
    ttl_seconds: null,
    resend_of: null,
    total_created: count,
    total_skipped: 0,
    total_segments: count,
    expanded: false,
    counter_id: null,
    recipients: Array.from({ length: count }, (_, i) => ({
      to: `+8491${String(i).padStart(7, '0')}`,
      variables: { CODE: String(100_000 + i), ORDER: id },
      priority: 'NORMAL' as const,
      ...(schedule ? { schedule_at: schedule } : {}),
    })),
    created_at: now,
  };
}

export function textOf({ recipients, content }: RequestDoc, sequence: number): string {
  const { variables } = recipients![sequence]!;
  return content!.replace('{CODE}', variables!['CODE']!).replace('{ORDER}', variables!['ORDER']!);
}
