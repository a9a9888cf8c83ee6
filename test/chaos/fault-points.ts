/** A write at which the gateway is told to die (src/database/faulty-store.ts). */
export interface FaultPoint {
  name: string;
  /** A death that has to come before, so that there is something to recover or to take over. */
  after?: string;
  /** It need not be reached. */
  isRare?: boolean;
}

const LIMIT_TAKEN = 'after:counters.updateOne(kind=limit)';
const BEFORE_COMMIT = 'before:sms_requests.insertOne';
const EXPANDED = 'sms_requests.updateOne(expanded)';
const BURIED = 'after:sms_requests.insertMany(tombstone)';

/** Between every two steps of what the gateway promises, but those of imports. */
export const FAULT_POINTS: readonly FaultPoint[] = [
  // Acceptance: the key, the day's share, the fingerprints, the commit, the messages, the end.
  { name: 'after:counters.insertMany(body_hash)' },
  { name: LIMIT_TAKEN },
  { name: 'inside:fingerprints.insertMany' },
  { name: 'after:fingerprints.insertMany' },
  { name: BEFORE_COMMIT },
  { name: 'after:sms_requests.insertOne' },
  { name: 'inside:sms_messages.insertMany' },
  { name: 'after:sms_messages.insertMany' },
  { name: `before:${EXPANDED}` },
  { name: `after:${EXPANDED}` },
  // A request that gives way to another.
  { name: 'after:fingerprints.deleteMany' },
  // What a death left is recovered, or taken over.
  { name: `before:${EXPANDED}`, after: 'after:sms_messages.insertMany' },
  { name: BURIED, after: LIMIT_TAKEN },
  { name: BURIED, after: BEFORE_COMMIT },
  { name: 'after:fingerprints.updateEach', after: BEFORE_COMMIT },
  // The marks of the reports.
  { name: 'after:report_marks.insertMany' },
  { name: 'after:report_marks.updateEach' },
  // The way of a message: due, paced, leased, reported, canceled.
  { name: 'after:sms_messages.updateEach(ready=true)' },
  { name: 'after:counters.updateOne(use)' },
  { name: 'inside:sms_messages.findEachAndUpdate(status=ASSIGNED)' },
  { name: 'after:sms_messages.findEachAndUpdate(status=ASSIGNED)' },
  { name: 'after:sms_messages.updateEach(status=SENDING)' },
  { name: 'after:sms_messages.updateEach(status=SENT)' },
  { name: 'after:sms_messages.updateEach(status=DELIVERED)' },
  { name: 'after:sms_messages.findOneAndUpdate(status=CANCELED)' },
  { name: 'inside:sms_messages.updateEach(status=CANCELED)' },
  { name: 'after:sms_messages.updateEach(status=CANCELED)' },
];

/** Those that a CSV file passes, in its order; the load of chaos imports none, so they have a spec of their own. */
export const IMPORT_FAULT_POINTS = [
  // The second chunk's, where there is one for each.
  'after:import_chunks.insertOne:2',
  'before:imports.findOneAndUpdate(status=queued)',
  'after:imports.findOneAndUpdate(status=queued)',
  'before:imports.findOneAndUpdate(next_chunk):2',
  'after:imports.findOneAndUpdate(next_chunk):2',
] as const;

/** While texts go out by a carrier and its receipts come in. */
export const CARRIER_FAULT_POINTS: readonly string[] = [
  'before:sms_messages.updateEach(lease.call_started_at)',
  'after:sms_messages.updateEach(lease.call_started_at)',
  'before:sms_messages.updateEach(status=SENDING)',
  'after:sms_messages.updateEach(status=SENDING)',
  'before:sms_messages.updateEach(waiting)',
  'after:callbacks.insertMany',
  'after:sms_messages.findOneAndUpdate(status=DELIVERED)',
];
