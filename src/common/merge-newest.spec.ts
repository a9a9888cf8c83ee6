import { expect, it } from '@jest/globals';
import { mergeNewest, type IdsBelow } from './merge-newest.js';

const LISTS = [['i', 'f', 'e', 'b'], ['h', 'g', 'd', 'c', 'a'], []];

function counted() {
  let read = 0;
  const lists = LISTS.map((ids): IdsBelow => async (edge, batch) => {
    const found = ids.filter((id) => edge === undefined || id < edge).slice(0, batch);
    read += found.length;
    return found;
  });
  return { lists, read: () => read };
}

it.each([1, 2, 3, 100])('merges lists that are read %s at a time', async (batch) => {
  const all = [...'ihgfedcba'];
  const { lists } = counted();
  for (let skip = 0; skip <= 10; skip++)
    for (let limit = 1; limit <= 10; limit++)
      expect(await mergeNewest(lists, { skip, limit, batch })).toEqual(all.slice(skip, skip + limit));
  expect(await mergeNewest(lists, { skip: 1, limit: 3, edge: 'g', batch })).toEqual(['e', 'd', 'c']);
});

it('reads little more than it needs', async () => {
  const { lists, read } = counted();
  await mergeNewest(lists, { skip: 2, limit: 1, batch: 2 });
  expect(read()).toBeLessThanOrEqual(6);
});
