import { canMove, MESSAGE_STATUSES, type MessageStatus } from '../../../src/domain/message-status.js';
import { SYSTEM } from '../../../src/domain/actor.js';
import type { HistoryEntry, MessageDoc } from '../../../src/messages/message.js';
import type { Ledger } from '../ledger.js';

/** One message by itself: its history, its leases, its place in the waiting lists, and what was answered about it. */
export function checkMessage(message: MessageDoc, ledger: Ledger): string[] {
  const problems = [
    ...checkHistory(message),
    ...checkLeases(message),
    ...checkWaiting(message),
    ...checkAnswers(message, ledger),
  ];
  return problems.map((problem) => `${message._id} ${problem}`);
}

/** The moves join up, each is in the table, and they end where the message is. */
function checkHistory({ history, status, last_error }: MessageDoc): string[] {
  if (last_error === 'DUPLICATE_RECENT')
    return history.length > 0 || status !== 'CANCELED' ? ['is an odd duplicate'] : [];
  const wrong: string[] = [];
  let now: MessageStatus = 'PENDING';
  for (const { from, to } of history) {
    if (!to) continue;
    if (from !== now) wrong.push(`moved from ${from} while it was ${now}`);
    if (!canMove(now, to) && !(now === 'ASSIGNED' && to === 'ASSIGNED')) wrong.push(`moved from ${now} to ${to}`);
    now = to;
  }
  if (now !== status) wrong.push(`is ${status}, by its history ${now}`);
  return wrong;
}

/**
 * A lease begins only when the one before has run out or was ended, and never after sending has begun. A phone that sends unasked tells of
 * it when it can, also after its lease.
 */
function checkLeases({ history, attempts, lease: last }: MessageDoc): string[] {
  const wrong: string[] = [];
  let lease: HistoryEntry | undefined;
  let begun = false;
  let leases = 0;
  for (const entry of history) {
    if (entry.event === 'leased') {
      if (lease && entry.at < lease.lease_expires_at!)
        wrong.push(`was leased as ${entry.lease_id} while ${lease.lease_id} was in force`);
      if (begun) wrong.push(`was leased as ${entry.lease_id} after its sending had begun`);
      lease = entry;
      leases++;
    } else if (entry.event === 'lease_ended' || entry.event === 'reassigned') {
      // What a phone gives back was one of the attempts.
      if (entry.event === 'lease_ended' && entry.actor === SYSTEM) leases--;
      lease = undefined;
    } else if (entry.to === 'SENDING' || entry.to === 'SENT') {
      const isUnasked = last?.unasked && last.id === entry.lease_id;
      if (entry.to === 'SENDING' && lease && entry.at >= lease.lease_expires_at! && !isUnasked)
        wrong.push('began after its lease had run out');
      begun = true;
    }
  }
  if (leases !== attempts) wrong.push(`counts ${attempts} attempts and shows ${leases} leases`);
  return wrong;
}

/** What is to be sent waits either for a phone or for a time; what was begun or is over waits for neither. */
function checkWaiting({ status, ready, due_at, fails_at, lease, schedule_at }: MessageDoc): string[] {
  if (status === 'PENDING' || status === 'ASSIGNED') {
    if (!fails_at) return ['would never expire'];
    if (ready ? due_at : !due_at) return [`waits for ${ready ? 'a phone and a time' : 'nothing'}`];
    if (!ready && status === 'ASSIGNED' && !lease) return ['is assigned to nobody'];
    return !ready && status === 'PENDING' && !schedule_at ? ['waits for a time that nobody set'] : [];
  }
  return ready || due_at ? [`is ${status} and waits in a queue`] : [];
}

/** Nothing that was answered is taken back. */
function checkAnswers(message: MessageDoc, ledger: Ledger): string[] {
  const { _id, status, history } = message;
  const wrong: string[] = [];
  const told = ledger.reported.get(_id);
  if (told && !REACHABLE[told].has(status)) wrong.push(`is ${status}; its report of ${told} was acknowledged`);
  if (ledger.canceled.has(_id) && status !== 'CANCELED') wrong.push(`is ${status}; its cancellation was acknowledged`);
  const leases = ledger.leasesOf(_id);
  for (const id of leases)
    if (!history.some((entry) => entry.event === 'leased' && entry.lease_id === id))
      wrong.push(`was handed out as ${id}, of which its history knows nothing`);
  return wrong;
}

const REACHABLE = Object.fromEntries(MESSAGE_STATUSES.map((from) => [from, reachable(from)])) as unknown as Record<
  MessageStatus,
  ReadonlySet<MessageStatus>
>;

function reachable(from: MessageStatus): Set<MessageStatus> {
  const found = new Set<MessageStatus>([from]);
  for (const at of found) for (const to of MESSAGE_STATUSES) if (canMove(at, to)) found.add(to);
  return found;
}
