import type { DailyCountDoc } from '../../src/counters/daily-counts.repository.js';
import type { IdempotencyDoc } from '../../src/counters/idempotency.repository.js';
import type { Store } from '../../src/database/collection.js';
import type { FingerprintDoc } from '../../src/requests/fingerprints.repository.js';
import type { RequestDoc } from '../../src/requests/request.js';

const AGE_MILLIS = 120_000;

/**
 * Two minutes pass for the traces of requests that never committed. On MongoDB nobody can tell a dead gateway's traces from those of
 * a slow one by anything but their age (60 s), and no run should sleep that long.
 */
export async function growOlder(store: Store): Promise<void> {
  const committed = new Set<string>();
  for await (const page of store.collection<RequestDoc>('sms_requests').pages({}))
    for (const request of page) committed.add(request._id);
  const older = (at: Date): Date => new Date(at.getTime() - AGE_MILLIS);

  const fingerprints = store.collection<FingerprintDoc>('fingerprints');
  for await (const page of fingerprints.pages({})) {
    const left = page.filter((fingerprint) => !committed.has(fingerprint.request_id));
    await fingerprints.updateEach(
      left.map(({ _id, at }) => ({ filter: { _id }, update: { $set: { at: older(at) } } })),
    );
  }
  const counters = store.collection<DailyCountDoc>('counters');
  for (const { _id, holds } of await counters.find({ kind: 'limit' })) {
    const set = Object.entries(holds).map(([request, { at }]) => [`holds.${request}.at`, older(at)]);
    if (set.length > 0) await counters.updateOne({ _id }, { $set: Object.fromEntries(set) as Record<string, Date> });
  }
  const keys = store.collection<IdempotencyDoc>('counters');
  for (const { _id, at, request_id } of await keys.find({ kind: 'idempotency' }))
    if (!committed.has(request_id)) await keys.updateOne({ _id }, { $set: { at: older(at) } });
}
