import { idTime } from '../../../src/common/ids.js';
import type { Store } from '../../../src/database/collection.js';
import { bucketId } from '../../../src/domain/count-bucket.js';
import type { MessageDoc } from '../../../src/messages/message.js';
import type { MinuteMark } from '../../../src/messages/counting/minute-marks.repository.js';
import type { BucketDoc } from '../../../src/messages/counting/buckets.repository.js';
import { CellSum, sameCells } from '../../../src/messages/counting/count-cells.js';

/** At every moment, what no mark speaks of is counted right: a minute by its messages, an hour by all of its minutes. */
export class ReportsCheck {
  private readonly minutes = new Map<string, CellSum>();
  private readonly hours = new Map<string, CellSum>();

  add(message: MessageDoc): void {
    const minute = bucketId(message.tenant_id, idTime(message._id));
    for (const [sums, id] of [
      [this.minutes, minute],
      [this.hours, hourOf(minute)],
    ] as const) {
      const sum = sums.get(id) ?? new CellSum();
      sum.addRow(message);
      sums.set(id, sum);
    }
  }

  async wrong(store: Store): Promise<string[]> {
    const marks = (await store.collection<MinuteMark>('report_marks').find({})).map((mark) => mark._id);
    return [
      ...(await differing(store, 'report_minutes', this.minutes, new Set(marks))),
      ...(await differing(store, 'report_hours', this.hours, new Set(marks.map(hourOf)))),
    ];
  }
}

async function differing(
  store: Store,
  collection: string,
  sums: ReadonlyMap<string, CellSum>,
  marked: ReadonlySet<string>,
): Promise<string[]> {
  const found = await store.collection<BucketDoc>(collection).find({});
  const buckets = new Map(found.map(({ _id, cells }) => [_id, cells]));
  return [...new Set([...sums.keys(), ...buckets.keys()])]
    .filter((id) => !marked.has(id) && !sameCells(buckets.get(id) ?? [], sums.get(id)?.toCells() ?? []))
    .map((id) => `${collection} of ${id} are not its messages, and no mark says so`);
}

function hourOf(minute: string): string {
  return `${minute.slice(0, -2)}00`;
}
