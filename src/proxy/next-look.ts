import { later } from '../domain/time.js';
import { endsAt, type SessionDoc } from './session.js';

const SOON_MILLIS = 1000;

/** When the worker has to look at a session for its own sake; null: never. */
export function nextLook(session: SessionDoc, now: Date): Date | null {
  const { state, opening_until, unstarted, starts_at, starting, closing, participants } = session;
  const isUnfinished = starting ?? closing ?? participants.some(({ leaving }) => leaving);
  return earliest(
    state === 'open' ? endsAt(session) : null,
    opening_until,
    unstarted ? starts_at : null,
    isUnfinished ? later(now, SOON_MILLIS) : null,
    ...participants.map(({ joining }) => joining?.until),
  );
}

export function earliest(...times: readonly (Date | null | undefined)[]): Date | null {
  const known = times.filter((time) => time instanceof Date);
  return known.length === 0 ? null : new Date(Math.min(...known.map((time) => time.getTime())));
}
