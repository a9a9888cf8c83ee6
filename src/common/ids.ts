import { createHash } from 'node:crypto';
import { decodeTime, encodeTime, monotonicFactory } from 'ulid';

export type IdPrefix =
  | 'ten'
  | 'usr'
  | 'key'
  | 'tpl'
  | 'agt'
  | 'req'
  | 'msg'
  | 'inb'
  | 'aud'
  | 'bat'
  | 'lea'
  | 'imp'
  | 'cbk'
  | 'opt'
  | 'vtn'
  | 'par'
  | 'beg'
  | 'end'
  | 'cal'
  | 'per'
  | 'tok'
  | 'ntf'
  | 'rcp'
  | 'cli'
  | 'cnf'
  | 'tnf'
  | 'top'
  | 'sub';

/** If the clock goes back by at most this (a correction), ids stay in order. If it goes back further, it was set, and ids follow it. */
const CORRECTION_MILLIS = 1000;

/** Makes ids in strict order until the clock is set back. Keeping the old, later time would give all new ids a time in the future. */
function inOrder(): (time: number) => string {
  let following = monotonicFactory();
  let reached = 0;
  return (time) => {
    if (time < reached - CORRECTION_MILLIS) {
      following = monotonicFactory();
      reached = 0;
    }
    reached = Math.max(reached, time);
    return following(time).toLowerCase();
  };
}

const next = inOrder();

/** `req_01jd...`: sorts by time of creation, and within this process strictly by order. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${next(Date.now())}`;
}

/** Ids that carry the given time, in strict order for each maker; `idTime` reads it back. */
export function idMaker(prefix: IdPrefix, now: () => Date): () => string {
  const following = inOrder();
  return () => `${prefix}_${following(now().getTime())}`;
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** The id of what is made because of another row, for one purpose: the same every time, and of that row's time. */
export function derivedId(prefix: IdPrefix, from: string, purpose: string): string {
  const hash = createHash('sha256').update(`${from}\0${purpose}`).digest().subarray(0, 16);
  return `${prefix}_${from.slice(4, 14)}${[...hash].map((byte) => ALPHABET[byte & 31]).join('')}`;
}

/** The time that an id carries, to the millisecond. */
export function idTime(id: string): Date {
  return new Date(decodeTime(id.slice(4, 30).toUpperCase()));
}

/** The limit between ids made before the time and ids made at or after it; a message has the time of its request. */
export function idsFrom(prefix: IdPrefix, time: Date): string {
  return `${prefix}_${encodeTime(Math.max(0, time.getTime())).toLowerCase()}`;
}

export function isId(prefix: IdPrefix, text: string): boolean {
  return (
    text.length === prefix.length + 27 &&
    text.startsWith(`${prefix}_`) &&
    /^[0-9a-z]{26}$/.test(text.slice(prefix.length + 1))
  );
}

/** JSON schema pattern of an id. */
export function idPattern(prefix: IdPrefix): string {
  return `^${prefix}_[0-9a-z]{26}$`;
}

/** Derives a message's id from its request's id and its position in it, so that expanding a request twice changes nothing. */
export function messageId(requestId: string, sequence: number): string {
  return `msg_${requestId.slice(4)}${sequence.toString(32).padStart(4, '0')}`;
}

/** Bounds of the ids of one request's messages: `from <= id < to`. */
export function messageIdRange(requestId: string): { from: string; to: string } {
  const base = `msg_${requestId.slice(4)}`;
  return { from: base, to: `${base}~` };
}
