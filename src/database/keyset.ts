import type { Collection, FindOptions } from './collection.js';
import type { Condition, Doc, Filter, Scalar } from './query.js';

/**
 * Pages by `_id`, each with its own short query: no snapshot or cursor stays open while the caller works on a page, and a document that
 * is inserted in the meantime is seen if its `_id` comes later.
 */
export async function* keysetPages<T extends Doc>(
  collection: Pick<Collection<T>, 'find'>,
  filter: Filter<T>,
  { batch = 500, descending = false }: { batch?: number; descending?: boolean },
): AsyncGenerator<T[]> {
  const options: FindOptions = { sort: { _id: descending ? -1 : 1 }, limit: batch };
  let next = filter;
  for (;;) {
    const page = await collection.find(next, options);
    if (page.length > 0) yield page;
    const last = page[batch - 1];
    if (last === undefined) return;
    next = { ...filter, _id: beyond(filter, last._id, descending) };
  }
}

function beyond<T extends Doc>(filter: Filter<T>, last: string, descending: boolean): Condition {
  const given = (filter as { _id?: Scalar | Condition })._id;
  const kept: Condition = given === undefined ? {} : isCondition(given) ? given : ({ $eq: given } satisfies Condition);
  // `last` is already past the caller's own limit on this side, so replacing that limit loses nothing.
  return descending ? { ...kept, $lt: last } : { ...kept, $gt: last };
}

function isCondition(value: Scalar | Condition): value is Condition {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
