import type { Update, Where } from './query.js';

/** `_id` is always our own string: an id made by the store (an ObjectId) would break keyset paging. */
export function requireUpsertId(filter: Where, update: Update): void {
  const inFilter = filter._id;
  const equality =
    typeof inFilter === 'object' && inFilter !== null && !(inFilter instanceof Date) ? inFilter.$eq : inFilter;
  const id = equality ?? update.$setOnInsert?._id ?? update.$set?._id;
  if (typeof id !== 'string') throw new TypeError('an upsert must name its _id in the filter or in $setOnInsert');
}
