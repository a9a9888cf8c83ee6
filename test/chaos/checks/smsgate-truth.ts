import { actorOf, readActor, SYSTEM } from '../../../src/domain/actor.js';
import type { MessageDoc } from '../../../src/messages/message.js';
import type { StoredMessage } from '../../fakes/smsgate-app/phone-memory.js';
import type { AppFleet } from '../smsgate/phones.js';
import type { Rows } from '../smsgate/rows.js';

interface Told extends StoredMessage {
  phone: string;
}
type Sent = AppFleet['sent'];

/** Holds the messages of a gateway that is at rest against what was accepted, and against what phones with the app know that they did. */
export function smsgateWrong({ messages, agents }: Rows, fleet: AppFleet, accepted: ReadonlySet<string>): string[] {
  const real = messages.filter(({ last_error }) => last_error !== 'DUPLICATE_RECENT');
  const counts = groupedBy(real, ({ to }) => to);
  const sent = groupedBy(fleet.sent, ({ to }) => to);
  const known = groupedBy(
    fleet.all.flatMap((app) => [...app.memory.messages.values()].map((told): Told => ({ ...told, phone: app.id }))),
    ({ phoneNumber }) => phoneNumber,
  );
  const labels = groupedBy(agents, ({ given_label }) => given_label);
  const ids = new Set(agents.map(({ _id }) => _id));
  return [
    ...[...accepted].filter((to) => !counts.has(to)).map((to) => `the text to ${to} was accepted and is lost`),
    ...[...counts].filter(([, all]) => all.length > 1).map(([to]) => `the text to ${to} has more than one message`),
    ...[...sent].filter(([to]) => !counts.has(to)).map(([to]) => `a text to ${to} was sent of which nobody knows`),
    ...real.flatMap((message) => {
      const problems = messageWrong(message, known.get(message.to) ?? [], sent.get(message.to) ?? [], fleet.gone);
      return problems.map((problem) => `${message._id} (${message.status}, ${message.last_error}) ${problem}`);
    }),
    ...[...labels].filter(([, all]) => all.length > 1).map(([label]) => `${label} let more than one phone in`),
    ...fleet.all.filter(({ id }) => !ids.has(id)).map(({ id }) => `${id} registered and is not there`),
  ];
}

function messageWrong(message: MessageDoc, known: readonly Told[], sent: Sent, gone: ReadonlySet<string>): string[] {
  const wrong = sent.length > 1 ? [`was handed to the radio ${sent.length} times`] : [];
  const late = sent
    .filter((one) => !isInLease(message, one))
    .map(({ at }) => `was sent outside of its lease at ${+at}`);
  return [...wrong, ...late, ...endWrong(message, known, sent, gone), ...recallWrong(message)];
}

/** A phone may have died with the lease as it was before: then the same id was leased again, and it keeps its old end. */
function isInLease({ history }: MessageDoc, { phone, at }: Sent[number]): boolean {
  return history.some(
    (entry) =>
      entry.event === 'leased' &&
      entry.actor === actorOf({ kind: 'agent', id: phone }) &&
      entry.at <= at &&
      at < entry.lease_expires_at!,
  );
}

function endWrong(
  { status, last_error, lease }: MessageDoc,
  known: readonly Told[],
  sent: Sent,
  gone: ReadonlySet<string>,
) {
  const holder = lease?.holder ?? '';
  const states = known.filter(({ phone }) => phone === holder).map(({ state }) => state);
  const isSaid = (...expected: string[]) => states.some((state) => expected.includes(state));
  const isGone = gone.has(holder);
  if (status === 'CANCELED') return sent.length > 0 ? ['and was sent'] : [];
  if (last_error === 'UNCONFIRMED') return isGone ? [] : [`though ${holder} is there: ${states.join(', ')}`];
  const wrong = sent.length === 0 ? ['and was never sent'] : [];
  // A phone that has gone for good may have got further than it told.
  if (status === 'SENT' && isSaid('Sent', ...(isGone ? ['Delivered'] : []))) return wrong;
  if (status === 'DELIVERED' && isSaid('Delivered')) return wrong;
  if (status === 'FAILED' && isSaid('Failed') && known.some(({ error }) => error === last_error)) return wrong;
  return [...wrong, `though its phone says ${states.join(', ') || 'nothing'}`];
}

/** Nobody but its phone ends what was recalled, or the end of its life. */
function recallWrong({ history, status }: MessageDoc): string[] {
  const place = history.findIndex(({ event }) => event === 'recalled');
  if (place < 0) return [];
  const end = history.slice(place).find(({ event }) => event === 'moved');
  if (!end) return [status === 'ASSIGNED' ? 'was recalled and nothing came of it' : 'ended without a word'];
  const isByPhone = readActor(end.actor)?.kind === 'agent';
  const isWordOfPhone = end.to === 'CANCELED' && end.note?.startsWith('TTL expired');
  return isByPhone || isWordOfPhone || end.actor === SYSTEM ? [] : [`was recalled, and ended by ${end.actor}`];
}

function groupedBy<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}
