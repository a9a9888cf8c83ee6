import { describe, expect, it } from '@jest/globals';
import { limitsOf, NO_USE, spend, type BudgetRules, type BudgetUse } from './agent-budget.js';
import { UTC } from './time.js';
import { chooseTexts, type WaitingText } from './budget-choice.js';

const NO_CAPS = { hourly: null, daily: null };
/** Ten segments within a lease, two of them kept for HIGH. */
const rules: BudgetRules = {
  ratePerMinute: 2,
  leaseSeconds: 300,
  phone: NO_CAPS,
  sims: {},
  highOnly: false,
  zone: UTC,
};
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 10) + seconds * 1000);

interface Text extends WaitingText {
  name: string;
}
const text = (name: string, segments: number, isHigh = false, simSlot: number | null = null): Text => {
  return { name, segments, isHigh, simSlot };
};
const names = (waiting: Text[], of: BudgetRules = rules, use: BudgetUse = NO_USE, now = at(0), most = 50) =>
  chooseTexts(waiting, most, limitsOf(use, of, now), of.highOnly).map(({ text, simSlot }) =>
    simSlot === null ? text.name : `${text.name}@${simSlot}`,
  );

describe('the choice of texts', () => {
  it('counts segments', () => {
    expect(names([text('a', 3), text('b', 3), text('c', 2), text('d', 1)])).toEqual(['a', 'b', 'c']);
    expect(names([text('code', 9, true), text('a', 1)])).toEqual(['code']);
  });

  it('lets no shorter text overtake one that has no room yet', () => {
    expect(names([text('a', 4), text('b', 5), text('c', 1)])).toEqual(['a']);
    expect(names([text('a', 9, true), text('b', 2, true), text('c', 1, true), text('d', 1)])).toEqual(['a']);
  });

  it('lets HIGH overtake one that isn’t', () => {
    const used = spend(NO_USE, rules, at(0), 5, {});
    expect(names([text('code', 2, true), text('long', 6), text('short', 1)], rules, used, at(9))).toEqual(['code']);
  });

  it.each([
    [7, 'no more than HIGH may always take'],
    [25, 'the same, when it is longer than all there is'],
  ])('lets a text of %i segments go when %s was taken', (segments) => {
    const taken = (count: number) =>
      names([text('long', segments)], rules, spend(NO_USE, rules, at(0), count, {}), at(9));
    expect([taken(2), taken(3)]).toEqual([['long'], []]);
  });

  it('lets a HIGH text that is longer than all there is go when nothing was taken', () => {
    const taken = (count: number) =>
      names([text('long', 25, true)], rules, spend(NO_USE, rules, at(0), count, {}), at(9));
    expect([taken(0), taken(1)]).toEqual([['long'], []]);
  });

  it('never keeps a text for ever, and nothing behind it, while codes take what is theirs', () => {
    const waiting = [text('a', 2), text('long', 25), text('b', 1), text('c', 1)];
    const seen: string[] = [];
    let use = NO_USE;
    for (let second = 0; second < 4 * 3600 && waiting.length > 0; second += 30) {
      const code = second % 150 === 0 ? [text('code', 1, true)] : [];
      const chosen = chooseTexts([...code, ...waiting], 1, limitsOf(use, rules, at(second)), false);
      for (const { text: one } of chosen) {
        use = spend(use, rules, at(second), one.segments, {});
        if (one.name === 'code') continue;
        waiting.splice(waiting.indexOf(one), 1);
        seen.push(one.name);
      }
    }
    expect(seen).toEqual(['a', 'long', 'b', 'c']);
  });

  describe('under a cap of a day', () => {
    const capped = { ...rules, phone: { hourly: null, daily: 6 } };
    it('lets what is too long for today wait for tomorrow, and shorter texts go', () => {
      expect(names([text('a', 4), text('b', 3), text('c', 2), text('d', 1)], capped)).toEqual(['a', 'c']);
      const used = spend(NO_USE, capped, at(0), 6, {});
      expect(names([text('b', 3)], capped, used, new Date('2026-11-22T00:00:00Z'))).toEqual(['b']);
    });

    it('lets a text that is longer than a whole day’s go on a day of its own', () => {
      expect(names([text('a', 1), text('long', 7)], capped)).toEqual(['a']);
      expect(names([text('long', 7), text('a', 1)], capped)).toEqual(['long']);
    });

    it('lets nothing go where it is 0', () => {
      for (const caps of [
        { hourly: 0, daily: null },
        { hourly: null, daily: 0 },
      ]) {
        expect(names([text('a', 1), text('code', 1, true)], { ...rules, phone: caps })).toEqual([]);
        expect(names([text('a', 1), text('b', 9, true, 0)], { ...rules, sims: { 0: caps } })).toEqual([]);
      }
    });
  });

  describe('between SIMs', () => {
    const two = (first: Partial<typeof NO_CAPS> | object, second: object): BudgetRules => {
      return { ...rules, ratePerMinute: 20, sims: { 0: { ...NO_CAPS, ...first }, 1: { ...NO_CAPS, ...second } } };
    };
    it('is the phone’s while none has a cap', () => {
      expect(names([text('a', 1)], two({}, {}))).toEqual(['a']);
    });

    it('goes by the day, then by the cap of an hour, then by the slot', () => {
      expect(names([text('a', 3), text('b', 3)], two({ daily: 9 }, { daily: 10 }))).toEqual(['a@1', 'b@0']);
      expect(names([text('a', 3), text('b', 3)], two({ hourly: 20 }, { hourly: 30 }))).toEqual(['a@1', 'b@1']);
      expect(names([text('a', 3), text('b', 3)], two({ hourly: 20 }, { hourly: 20 }))).toEqual(['a@0', 'b@0']);
    });

    it('goes on with the other when the hour of one is used up', () => {
      const rules = two({ hourly: 5 }, { hourly: 5 });
      expect(names([text('a', 3), text('b', 3), text('c', 1)], rules)).toEqual(['a@0', 'b@1', 'c@0']);
    });

    it('keeps the hour of a SIM for the text that is to leave by it', () => {
      const rules = two({ hourly: 5 }, {});
      const waiting = [text('a', 3, false, 0), text('b', 2, false, 0), text('c', 1, false, 0), text('d', 1, false, 1)];
      expect(names(waiting, rules)).toEqual(['a@0', 'd@1']);
      expect(names([...waiting, text('code', 1, true, 0)], rules)).toEqual(['a@0', 'd@1', 'code@0']);
    });

    it('takes a SIM that the rules don’t know as it is asked for', () => {
      expect(names([text('a', 1, false, 7)], two({ daily: 1 }, {}))).toEqual(['a@7']);
    });
  });

  it('is for HIGH alone outside working hours', () => {
    expect(names([text('code', 1, true), text('a', 1)], { ...rules, highOnly: true })).toEqual(['code']);
  });
});
