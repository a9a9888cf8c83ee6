import type { IndexSpec } from '../../collection.js';

/** The fields that indexes declare as lists. @throws TypeError when the declarations contradict each other. */
export function declaredLists(indexes: readonly IndexSpec[]): Set<string> {
  const lists = new Set(indexes.flatMap(({ list }) => list ?? []));
  for (const { keys, partial = {}, list, expireAfterSeconds } of indexes) {
    if (list !== undefined && (keys[list] === undefined || expireAfterSeconds !== undefined))
      throw new TypeError(`an index of the list ${list} needs it as a key, and lets nothing expire`);
    for (const path of new Set([...Object.keys(keys), ...Object.keys(partial)])) {
      if (lists.has(path) && path !== list)
        throw new TypeError(`${path} is a list, so each index that names it must say so`);
      if (path === list && path in partial && typeof partial[path] !== 'object')
        throw new TypeError(`a condition on the list ${path} can only be $exists`);
    }
  }
  return lists;
}
