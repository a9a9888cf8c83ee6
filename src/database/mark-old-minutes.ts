import { idsFrom, idTime } from '../common/ids.js';
import { bucketId } from '../domain/count-bucket.js';
import { later, MINUTE_MILLIS, minuteOf } from '../domain/time.js';
import type { Store } from './collection.js';
import type { Doc } from './query.js';

interface MarkDoc extends Doc {
  tenant_id: string;
  at: Date;
  marked_at: Date;
}

/** Marks the minutes of messages that are older than the reports, so that they are counted. One query per minute. */
export async function markOldMinutes(store: Store): Promise<void> {
  const messages = store.collection<Doc & { tenant_id: string }>('sms_messages');
  const marks = store.collection<MarkDoc>('report_marks');
  const tenants = await store.collection('tenants').find({}, { fields: ['_id'] });
  for (const { _id: tenant_id } of tenants) {
    let edge = idsFrom('msg', new Date(0));
    for (;;) {
      const filter = { tenant_id, _id: { $gte: edge } };
      const message = await messages.findOne(filter, { sort: { _id: 1 }, fields: ['_id'] });
      if (!message) break;
      const at = minuteOf(idTime(message._id));
      await marks.insertMany([{ _id: bucketId(tenant_id, at), tenant_id, at, marked_at: new Date(0) }]);
      edge = idsFrom('msg', later(at, MINUTE_MILLIS));
    }
  }
}
