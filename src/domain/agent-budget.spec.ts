import { describe, expect, it } from '@jest/globals';
import { allowance, leaseCapacity, NO_USE, simAllowance, spend, type BudgetRules } from './agent-budget.js';

const rules: BudgetRules = { ratePerMinute: 10, leaseSeconds: 300, dailyCap: null, simCaps: { 1: 5, 2: null } };
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 10) + seconds * 1000);
const day = '2026-11-21';

describe('agent budget', () => {
  it('holds what the pace can send within a lease, at least one', () => {
    expect(leaseCapacity(rules)).toBe(50);
    expect(leaseCapacity({ ...rules, leaseSeconds: 5 })).toBe(1);
  });

  it('keeps a fifth for HIGH', () => {
    expect(allowance(NO_USE, rules, at(0), day)).toEqual({ high: 50, bulk: 40 });
    const used = spend(NO_USE, rules, at(0), day, 40, {});
    expect(allowance(used, rules, at(1), day)).toEqual({ high: 10, bulk: 0 });
  });

  it('frees what was taken a lease ago, never sooner', () => {
    const used = spend(NO_USE, rules, at(0), day, 50, {});
    expect(allowance(used, rules, at(299), day).high).toBe(0);
    expect(allowance(used, rules, at(311), day).high).toBe(50);
  });

  it('takes back what was given back', () => {
    const used = spend(spend(NO_USE, rules, at(0), day, 50, { 1: 3 }), rules, at(20), day, -10, { 1: -2 });
    expect(allowance(used, rules, at(20), day).high).toBe(10);
    expect(simAllowance(used, rules, 1, day)).toBe(4);
  });

  it('counts days and SIMs, and forgets them at midnight UTC', () => {
    const capped = { ...rules, dailyCap: 8 };
    const used = spend(NO_USE, capped, at(0), day, 8, { 1: 5 });
    expect(allowance(used, capped, at(900), day).high).toBe(0);
    expect(allowance(used, capped, at(900), '2026-11-22').high).toBe(8);
    expect(simAllowance(used, capped, 1, day)).toBe(0);
    expect(simAllowance(used, capped, 1, '2026-11-22')).toBe(5);
    expect(simAllowance(used, capped, 2, day)).toBe(Infinity);
  });
});
