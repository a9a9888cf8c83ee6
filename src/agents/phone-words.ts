import { DateTime } from 'luxon';
import { DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS } from '../domain/time.js';
import type { ShownAgent } from './agent.js';
import type { ShownLimit, ShownPace } from './shown-pace.js';

export interface PhoneCondition extends Pick<
  ShownAgent,
  'app' | 'status' | 'online' | 'last_seen_at' | 'last_asked_at' | 'battery_level' | 'unregister_reason'
> {
  waiting: { own: number; groups: number };
  held: { count: number };
  failures: readonly { code: string; reason: string | null; failed_at: Date }[];
  pace: ShownPace;
}
interface Words {
  summary: string[];
  advice: string[];
}

const LOW_BATTERY = 15;
/** A phone of ours asks all the time; an app that missed its wake-up asks every quarter of an hour. */
const ASKS_WITHIN = { ours: 5 * MINUTE_MILLIS, app: 16 * MINUTE_MILLIS };
/** Failures of this time are told, and so many of them are worth a look at the phone. */
const LATELY = DAY_MILLIS;
const MANY_FAILURES = 3;

const KEEP_APP_AWAKE = 'Open the app, and let it run in the background: Android must not restrict its battery use.';
const CHECK_PHONE = 'Check that the phone is on, has a network, and that its app runs.';

/** How a phone is, in sentences, and what somebody can do about it. */
export function describePhone(phone: PhoneCondition, now: Date): Words {
  const parts = [presence(phone, now), asking(phone, now), battery(phone), caps(phone, now), failures(phone, now)];
  return {
    summary: parts.flatMap(({ summary }) => summary),
    advice: [...new Set(parts.flatMap(({ advice }) => advice))],
  };
}

function presence(phone: PhoneCondition, now: Date): Words {
  const { app, status, online, last_seen_at: seen, unregister_reason: reason, waiting } = phone;
  const waits = waiting.own > 0 ? `; ${texts(waiting.own)} waiting for it.` : '.';
  const inGroups = waiting.groups > 0 ? [`${texts(waiting.groups)} waiting for its groups.`] : [];
  if (status === 'unregistered') {
    const summary = [`It is unregistered${reason ? ` (${reason})` : ''}${waits}`];
    const advice = 'Register it again, or reassign what waits for it (POST /admin/agents/{id}/reassign).';
    return { summary, advice: waiting.own > 0 ? [advice] : [] };
  }
  if (online) {
    const is = status === 'online' ? 'It is online' : `It says that it is ${status}`;
    return { summary: [`${is}${waits}`, ...inGroups], advice: [] };
  }
  const silence = seen ? `No report for ${duration(now.getTime() - seen.getTime())}` : 'It has never reported';
  return { summary: [`${silence}${waits}`, ...inGroups], advice: [app ? KEEP_APP_AWAKE : CHECK_PHONE] };
}

/** It lives, there is something to send and room for it, and it doesn't ask. */
function asking({ app, online, last_asked_at: asked, waiting, pace }: PhoneCondition, now: Date): Words {
  const could = online && waiting.own > 0 && pace.next_at !== null && pace.next_at <= now;
  const pause = asked ? now.getTime() - asked.getTime() : Infinity;
  if (!could || pause <= (app ? ASKS_WITHIN.app : ASKS_WITHIN.ours)) return NOTHING;
  const summary = asked
    ? `It has asked for nothing for ${duration(pause)}.`
    : 'It has never asked for anything to send.';
  return { summary: [summary], advice: [app ? KEEP_APP_AWAKE : CHECK_PHONE] };
}

function battery({ battery_level: level }: PhoneCondition): Words {
  if (level === null || level > LOW_BATTERY) return NOTHING;
  return { summary: [`Its battery is at ${level} %.`], advice: ['Charge it.'] };
}

function caps({ pace, waiting, held }: PhoneCondition, now: Date): Words {
  const { lease, hour, day, sims, zone, opens_at: opens, next_at: next } = pace;
  const limits: [what: string, limit: ShownLimit | null][] = [
    [`of ${duration(lease.seconds * 1000)} at its pace`, waiting.own + waiting.groups > 0 ? lease : null],
    ['of this hour', hour],
    ['of today', day],
    ...sims.flatMap(({ slot, hour, day }): [string, ShownLimit | null][] => [
      [`of this hour by SIM ${slot + 1}`, hour],
      [`of today by SIM ${slot + 1}`, day],
    ]),
  ];
  const full = limits.flatMap(([what, limit]) => (limit && limit.left < 1 ? [usedUp(what, limit)] : []));
  const closed = opens ? [`Outside its working hours until ${clock(opens, now, zone)}; HIGH alone leaves.`] : [];
  const soon = next && next > now && full.length > 0 ? [`The next can leave at ${clock(next, now, zone)}.`] : [];
  const holds = held.count > 0 ? [`It holds ${count(held.count)}.`] : [];
  const never = next === null ? ['Raise the cap that is 0 (PATCH /admin/agents/{id}); null takes it away.'] : [];
  return { summary: [...holds, ...full, ...closed, ...soon], advice: never };
}

function usedUp(what: string, { cap, used, left_for_high: high }: ShownLimit): string {
  if (cap === 0) return `Its cap ${what} is 0: nothing leaves.`;
  return `It has sent ${used} of ${cap} segments ${what}${high > 0 ? '; the rest is kept for HIGH' : ''}.`;
}

function failures({ failures }: PhoneCondition, now: Date): Words {
  const lately = failures.filter(({ failed_at: at }) => now.getTime() - at.getTime() < LATELY);
  const [last] = [...lately].sort((a, b) => b.failed_at.getTime() - a.failed_at.getTime());
  if (!last) return NOTHING;
  const why = last.reason && last.reason !== last.code ? `${last.code}: ${last.reason}` : last.code;
  const ago = duration(now.getTime() - last.failed_at.getTime());
  const advice = 'Look at what the phone shows: its credit, its SIM, and the permission to send SMS.';
  return {
    summary: [`${count(lately.length)} failed in the last day, the last one ${ago} ago (${why}).`],
    advice: lately.length >= MANY_FAILURES ? [advice] : [],
  };
}

const NOTHING: Words = { summary: [], advice: [] };

function count(n: number): string {
  return n === 1 ? '1 text' : `${n} texts`;
}

function texts(n: number): string {
  return `${count(n)} ${n === 1 ? 'is' : 'are'}`;
}

/** `40 seconds`, `12 minutes`, `3 hours`, `2 days`: rounded down. */
function duration(millis: number): string {
  const [size, unit] =
    millis >= 2 * DAY_MILLIS
      ? ([DAY_MILLIS, 'day'] as const)
      : millis >= 2 * HOUR_MILLIS
        ? ([HOUR_MILLIS, 'hour'] as const)
        : millis >= MINUTE_MILLIS
          ? ([MINUTE_MILLIS, 'minute'] as const)
          : ([1000, 'second'] as const);
  const n = Math.max(0, Math.floor(millis / size));
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}

/** The time of the day there, with the day when it is another one. */
function clock(at: Date, now: Date, zone: string): string {
  const there = DateTime.fromJSDate(at, { zone });
  const isToday = there.hasSame(DateTime.fromJSDate(now, { zone }), 'day');
  return `${there.toFormat(isToday ? 'HH:mm' : 'yyyy-MM-dd HH:mm')} (${zone})`;
}
