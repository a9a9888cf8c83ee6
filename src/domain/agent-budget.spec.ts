import { describe, expect, it } from '@jest/globals';
import { leaseCapacity, limitsOf, NO_USE, roomAt, spend, type BudgetRules, type BudgetUse } from './agent-budget.js';
import { UTC, zoneOf } from './time.js';

const NO_CAPS = { hourly: null, daily: null };
const rules: BudgetRules = {
  ratePerMinute: 10,
  leaseSeconds: 300,
  phone: NO_CAPS,
  sims: { 1: { hourly: null, daily: 5 }, 2: NO_CAPS },
  highOnly: false,
  zone: UTC,
};
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 10) + seconds * 1000);
const tomorrow = new Date('2026-11-22T00:00:00Z');
const high = (use: BudgetUse, of: BudgetRules, now: Date) => limitsOf(use, of, now).pace.left(true);
const bulk = (use: BudgetUse, of: BudgetRules, now: Date) => limitsOf(use, of, now).pace.left(false);

describe('agent budget', () => {
  it('holds what the pace can send within a lease, at least one segment', () => {
    expect(leaseCapacity(rules)).toBe(50);
    expect(leaseCapacity({ ...rules, leaseSeconds: 5 })).toBe(1);
  });

  it('keeps a fifth for HIGH', () => {
    expect([high(NO_USE, rules, at(0)), bulk(NO_USE, rules, at(0))]).toEqual([50, 40]);
    const used = spend(NO_USE, rules, at(0), 40, {});
    expect([high(used, rules, at(1)), bulk(used, rules, at(1))]).toEqual([10, 0]);
  });

  it('frees what was taken a lease ago, never sooner', () => {
    const used = spend(NO_USE, rules, at(0), 50, {});
    expect(high(used, rules, at(299))).toBe(0);
    expect(high(used, rules, at(311))).toBe(50);
  });

  it('counts a day from midnight of its zone', () => {
    const zone = zoneOf('Asia/Kolkata')!;
    const there = { ...rules, sims: {}, phone: { hourly: null, daily: 5 }, zone };
    const used = spend(NO_USE, there, new Date('2026-11-21T18:29:59Z'), 5, {});
    const left = (now: string) => limitsOf(used, there, new Date(now)).day.left(true);
    expect([left('2026-11-21T18:29:59.999Z'), left('2026-11-21T18:30:00Z')]).toEqual([0, 5]);
    expect(roomAt(used, there, new Date('2026-11-21T18:29:59.999Z'))).toEqual(new Date('2026-11-21T18:30:00Z'));
  });

  it('takes back what was given back', () => {
    const used = spend(spend(NO_USE, rules, at(0), 50, { 1: 3 }), rules, at(20), -10, { 1: -2 });
    expect(high(used, rules, at(20))).toBe(10);
    expect(limitsOf(used, rules, at(20)).sims.get(1)!.day.left(true)).toBe(4);
  });

  it('counts days and SIMs, and forgets them at midnight UTC', () => {
    const capped = { ...rules, phone: { hourly: null, daily: 8 } };
    const used = spend(NO_USE, capped, at(0), 8, { 1: 5 });
    const today = limitsOf(used, capped, at(900));
    const next = limitsOf(used, capped, tomorrow);
    expect([today.day.left(true), next.day.left(true)]).toEqual([0, 8]);
    expect([today.sims.get(1)!.day.left(true), next.sims.get(1)!.day.left(true)]).toEqual([0, 5]);
    expect(today.sims.get(2)!.day.left(true)).toBe(Infinity);
  });

  it('counts hours of the phone and of each SIM, wherever an hour begins', () => {
    const hourly = {
      ...rules,
      phone: { hourly: 20, daily: null },
      sims: { 0: { hourly: 10, daily: null }, 1: NO_CAPS },
    };
    let use = spend(NO_USE, hourly, at(0), 6, { 0: 4 });
    use = spend(use, hourly, at(1800), 10, { 0: 6, 1: 4 });
    const left = (seconds: number) => {
      const { hour, sims } = limitsOf(use, hourly, at(seconds));
      return [hour.left(true), hour.left(false), sims.get(0)!.hour.left(true), sims.get(1)!.hour.left(true)];
    };
    expect(left(3599)).toEqual([4, 0, 0, Infinity]);
    expect(left(3720)).toEqual([10, 6, 4, Infinity]);
    expect(left(5520)).toEqual([20, 16, 10, Infinity]);
    // What has no cap isn't counted.
    expect(Object.keys(use.hours!)).toEqual(['0', 'phone']);
  });

  it('gives back to the hour what was not leased', () => {
    const hourly = { ...rules, sims: { 0: { hourly: 10, daily: null } } };
    const used = spend(spend(NO_USE, hourly, at(0), 4, { 0: 4 }), hourly, at(200), 3, { 0: 3 });
    const back = spend(used, hourly, at(210), -5, { 0: -5 });
    expect(limitsOf(back, hourly, at(210)).sims.get(0)!.hour.left(true)).toBe(8);
  });

  it('goes on with what an earlier version wrote', () => {
    const old: BudgetUse = { slices: [[at(0).getTime(), 30]], day: '2026-11-21', dayTaken: 30, simTaken: { '1': 2 } };
    const hourly = { ...rules, sims: { 1: { hourly: 10, daily: 5 } } };
    expect(high(old, hourly, at(10))).toBe(20);
    const used = spend(old, hourly, at(10), 3, { 1: 3 });
    expect(used).toMatchObject({ dayTaken: 33, simTaken: { '1': 5 } });
    expect(limitsOf(used, hourly, at(10)).sims.get(1)!.hour.left(true)).toBe(7);
  });

  describe('tells when there is room', () => {
    const sims = { 0: { hourly: 10, daily: null }, 1: { hourly: 5, daily: 3 } };
    it.each<[string, BudgetRules, [number, Record<string, number>], Date | null]>([
      ['now', rules, [39, {}], at(60)],
      ['in the pace', { ...rules, sims: {} }, [40, {}], at(310)],
      ['in the hour', { ...rules, sims: {}, phone: { hourly: 5, daily: null } }, [4, {}], at(3720)],
      ['tomorrow', { ...rules, sims: {}, phone: { hourly: 5, daily: 4 } }, [4, {}], tomorrow],
      ['never, with a cap of 0', { ...rules, phone: { hourly: null, daily: 0 } }, [0, {}], null],
      ['never, with a cap of 0 an hour', { ...rules, phone: { hourly: 0, daily: null } }, [0, {}], null],
      ['by the other SIM', { ...rules, sims }, [8, { 0: 8 }], at(60)],
      ['by the SIM that is free first', { ...rules, sims }, [12, { 0: 8, 1: 4 }], at(3720)],
    ])('%s', (_, of, [taken, bySim], when) => {
      expect(roomAt(spend(NO_USE, of, at(0), taken, bySim), of, at(60))).toEqual(when);
    });
  });
});
