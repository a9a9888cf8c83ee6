import { expect, it } from '@jest/globals';
import type { Fixture, Thing } from './contract-store.js';

const number = (i: number): Thing => ({ _id: `n${String(i).padStart(5, '0')}`, n: i, even: i % 2 === 0 });

export function pagingSuite(fixture: Fixture): void {
  it('reads everything once, in the order of _id, in pages of the size', async () => {
    const docs = Array.from({ length: 25 }, (_, i) => number(i));
    const things = await fixture.collection([], docs.toReversed());
    const pages: Thing[][] = [];
    for await (const page of things.pages({}, { batch: 10 })) pages.push(page);
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
    expect(pages.flat()).toEqual(docs);
  });

  it('goes downwards, and within a filter and its own bounds of _id', async () => {
    const things = await fixture.collection(
      [{ keys: { even: 1, _id: 1 } }],
      Array.from({ length: 30 }, (_, i) => number(i)),
    );
    const seen: unknown[] = [];
    const bounds = { $gte: 'n00004', $lt: 'n00020' };
    for await (const page of things.pages({ even: true, _id: bounds }, { batch: 3, descending: true }))
      seen.push(...page.map((doc) => doc.n));
    expect(seen).toEqual([18, 16, 14, 12, 10, 8, 6, 4]);
  });

  it('ends after a page that is full to the last', async () => {
    const things = await fixture.collection([], [number(1), number(2)]);
    let pages = 0;
    for await (const page of things.pages({}, { batch: 2 })) pages += page.length === 2 ? 1 : 100;
    expect(pages).toBe(1);
    for await (const page of things.pages({ n: 99 })) throw new Error(`an empty page of ${page.length}`);
  });

  it('sees what is inserted ahead meanwhile, and repeats nothing', async () => {
    const things = await fixture.collection(
      [],
      Array.from({ length: 20 }, (_, i) => number(i * 10)),
    );
    const seen: unknown[] = [];
    for await (const page of things.pages({}, { batch: 5 })) {
      seen.push(...page.map((doc) => doc.n));
      if (seen.length === 5) await things.insertMany([number(5), number(195)]);
    }
    expect(seen).toEqual([...Array.from({ length: 20 }, (_, i) => i * 10), 195]);
  });
}
