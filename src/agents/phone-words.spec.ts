import { describe, expect, it } from '@jest/globals';
import { NO_USE, spend, type BudgetRules, type BudgetUse } from '../domain/agent-budget.js';
import { UTC, zoneOf } from '../domain/time.js';
import { describePhone, type PhoneCondition } from './phone-words.js';
import { showPace } from './shown-pace.js';

const now = new Date('2026-11-21T10:00:00Z');
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const NO_CAPS = { hourly: null, daily: null };
const rules: BudgetRules = {
  ratePerMinute: 10,
  leaseSeconds: 300,
  phone: NO_CAPS,
  sims: {},
  highOnly: false,
  zone: UTC,
};
const NIGHT = { from: '08:00', to: '16:00', zone: 'Asia/Ho_Chi_Minh' };

const well: PhoneCondition = {
  app: null,
  status: 'online',
  online: true,
  last_seen_at: before(10),
  last_asked_at: before(10),
  battery_level: 80,
  unregister_reason: null,
  waiting: { own: 0, groups: 0 },
  held: { count: 0 },
  failures: [],
  pace: showPace({ rules, use: NO_USE, hours: null }, now),
};
const words = (changes: Partial<PhoneCondition>) => describePhone({ ...well, ...changes }, now);
const pace = (
  changes: Partial<BudgetRules>,
  use: (of: BudgetRules) => BudgetUse = () => NO_USE,
  hours = null as never,
) => {
  const of = { ...rules, ...changes };
  return { pace: showPace({ rules: of, use: use(of), hours }, now) };
};
const taken =
  (segments: number, bySim: Record<string, number> = {}) =>
  (of: BudgetRules) =>
    spend(NO_USE, of, before(600), segments, bySim);
const OPEN_APP = 'Open the app, and let it run in the background: Android must not restrict its battery use.';
const silent = { status: 'offline', online: false, last_seen_at: before(725) };

describe('the words for a phone', () => {
  it.each<[string, Partial<PhoneCondition>, string[], string[]]>([
    ['well', {}, ['It is online.'], []],
    ['another word of its own', { status: 'busy' }, ['It says that it is busy.'], []],
    [
      'silent',
      { ...silent, waiting: { own: 3, groups: 1 } },
      ['No report for 12 minutes; 3 texts are waiting for it.', '1 text is waiting for its groups.'],
      ['Check that the phone is on, has a network, and that its app runs.'],
    ],
    ['silent, by an app', { ...silent, app: 'smsgate' }, ['No report for 12 minutes.'], [OPEN_APP]],
    ['never heard of', { ...silent, last_seen_at: null, app: 'cht' }, ['It has never reported.'], [OPEN_APP]],
    [
      'gone',
      { status: 'unregistered', online: false, unregister_reason: 'stolen', waiting: { own: 1, groups: 0 } },
      ['It is unregistered (stolen); 1 text is waiting for it.'],
      ['Register it again, or reassign what waits for it (POST /admin/agents/{id}/reassign).'],
    ],
    ['nearly empty', { battery_level: 7 }, ['It is online.', 'Its battery is at 7 %.'], ['Charge it.']],
    [
      'lazy',
      { app: 'smsgate', last_asked_at: before(1205), waiting: { own: 1, groups: 0 } },
      ['It is online; 1 text is waiting for it.', 'It has asked for nothing for 20 minutes.'],
      [OPEN_APP],
    ],
    ['lazy, and nothing waits', { last_asked_at: before(1205) }, ['It is online.'], []],
    [
      'not lazy, since it may not send',
      { last_asked_at: before(1205), waiting: { own: 1, groups: 0 }, ...pace({}, () => NO_USE, NIGHT as never) },
      [
        'It is online; 1 text is waiting for it.',
        'Outside its working hours until 2026-11-22 08:00 (Asia/Ho_Chi_Minh); HIGH alone leaves.',
      ],
      [],
    ],
    ['busy', { held: { count: 2 } }, ['It is online.', 'It holds 2 texts.'], []],
    [
      'through with an hour',
      pace({ ratePerMinute: 600, sims: { 0: { hourly: 200, daily: null } } }, taken(200, { 0: 200 })),
      ['It is online.', 'It has sent 200 of 200 segments of this hour by SIM 1.', 'The next can leave at 10:52 (UTC).'],
      [],
    ],
    [
      'through but for HIGH, with another SIM left',
      pace(
        { ratePerMinute: 600, sims: { 0: { hourly: 200, daily: null }, 1: { hourly: 200, daily: null } } },
        taken(160, { 0: 160 }),
      ),
      ['It is online.', 'It has sent 160 of 200 segments of this hour by SIM 1; the rest is kept for HIGH.'],
      [],
    ],
    [
      'through with a day',
      pace({ phone: { hourly: null, daily: 5 } }, taken(5)),
      ['It is online.', 'It has sent 5 of 5 segments of today.', 'The next can leave at 2026-11-22 00:00 (UTC).'],
      [],
    ],
    [
      'through with a day that ends at midnight in its zone',
      pace({ phone: { hourly: null, daily: 5 }, zone: zoneOf('Asia/Ho_Chi_Minh')! }, taken(5)),
      [
        'It is online.',
        'It has sent 5 of 5 segments of today.',
        'The next can leave at 2026-11-22 00:00 (Asia/Ho_Chi_Minh).',
      ],
      [],
    ],
    [
      'stopped',
      pace({ phone: { hourly: 0, daily: null } }),
      ['It is online.', 'Its cap of this hour is 0: nothing leaves.'],
      ['Raise the cap that is 0 (PATCH /admin/agents/{id}); null takes it away.'],
    ],
    [
      'as fast as it may be',
      {
        waiting: { own: 9, groups: 0 },
        ...pace({}, (of) => spend(NO_USE, of, before(60), 40, {})),
      },
      [
        'It is online; 9 texts are waiting for it.',
        'It has sent 40 of 50 segments of 5 minutes at its pace; the rest is kept for HIGH.',
        'The next can leave at 10:04 (UTC).',
      ],
      [],
    ],
  ])('%s', (_, changes, summary, advice) => {
    expect(words(changes)).toEqual({ summary, advice });
  });

  it('tell of what failed lately, and send somebody to the phone when it is much', () => {
    const failure = (seconds: number, code: string, reason: string | null = null) => {
      return { code, reason, failed_at: before(seconds) };
    };
    const two = [failure(90, 'NO_SERVICE', 'No network'), failure(3 * 86_400, 'OLD')];
    expect(words({ failures: two })).toEqual({
      summary: ['It is online.', '1 text failed in the last day, the last one 1 minute ago (NO_SERVICE: No network).'],
      advice: [],
    });
    const many = [failure(7300, 'EXPIRED'), failure(9000, 'NO_CREDIT'), failure(40, 'NO_CREDIT', 'NO_CREDIT')];
    expect(words({ failures: many })).toEqual({
      summary: ['It is online.', '3 texts failed in the last day, the last one 40 seconds ago (NO_CREDIT).'],
      advice: ['Look at what the phone shows: its credit, its SIM, and the permission to send SMS.'],
    });
  });
});
