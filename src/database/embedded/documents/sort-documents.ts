import type { Sort } from '../../query.js';
import { isRecord, own, segmentsOf, type Segments } from './path.js';
import { compareValues } from './value-order.js';

/** For the rare sort order that no column provides. Sorts in place; equal documents keep their order. */
export function sortDocuments<R extends { doc: unknown }>(rows: R[], sort: Sort): R[] {
  const keys = Object.entries(sort).map(([path, direction]) => ({ segments: segmentsOf(path), direction }));
  return rows.sort((a, b) => {
    for (const { segments, direction } of keys) {
      const order = compareValues(sortKey(a.doc, segments, direction), sortKey(b.doc, segments, direction));
      if (order !== 0) return order * direction;
    }
    return 0;
  });
}

/** An array sorts by its least element upwards and by its greatest downwards. */
function sortKey(doc: unknown, segments: Segments, direction: 1 | -1): unknown {
  let value = doc;
  for (const segment of segments) value = isRecord(value) ? own(value, segment) : undefined;
  if (!Array.isArray(value)) return value;
  return value.reduce((best, item) => (compareValues(item, best) * direction < 0 ? item : best), value[0]);
}
