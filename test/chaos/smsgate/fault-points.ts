import type { FaultPoint } from '../fault-points.js';

const CLAIMED = 'sms_messages.findEachAndUpdate(status=ASSIGNED)';
const CODE_USED = 'counters.findOneAndUpdate(used_at)';
const INSERTED = 'agents.insertOne';

/** Between every two steps of a phone with the app and of the texts that it takes. */
export const SMSGATE_FAULT_POINTS: readonly FaultPoint[] = [
  // A phone joins by its code, and is told its settings.
  { name: `before:${CODE_USED}` },
  { name: `after:${CODE_USED}` },
  { name: `after:${INSERTED}` },
  { name: 'before:agents.findOneAndUpdate(app_settings)' },
  { name: 'after:agents.findOneAndUpdate(app_settings)' },
  { name: 'after:agents.findOneAndUpdate(app_webhooks)' },
  // Messages are claimed, served, reported.
  { name: 'after:sms_messages.insertMany' },
  { name: `before:${CLAIMED}` },
  { name: `inside:${CLAIMED}` },
  { name: `after:${CLAIMED}` },
  { name: `after:${CLAIMED}`, after: `after:${CLAIMED}` },
  { name: 'after:sms_messages.updateEach(ready=true)' },
  { name: 'before:sms_messages.updateEach(status=SENDING)' },
  { name: 'after:sms_messages.updateEach(status=SENDING)' },
  { name: 'before:sms_messages.updateEach(status=SENT)' },
  { name: 'after:sms_messages.updateEach(status=SENT)' },
  { name: 'after:sms_messages.updateEach(status=DELIVERED)' },
  { name: 'after:sms_messages.updateEach(status=FAILED)' },
  // The phone tells that it did not send one in time.
  { name: 'before:sms_messages.updateEach(unsent)' },
  { name: 'after:sms_messages.updateEach(unsent)' },
  // One is taken back, by us and by the phone's word.
  { name: 'after:sms_messages.findOneAndUpdate(status=CANCELED)' },
  { name: 'before:sms_messages.findOneAndUpdate(recall)' },
  { name: 'after:sms_messages.findOneAndUpdate(recall)' },
  { name: 'before:sms_messages.updateEach(status=CANCELED)' },
  { name: 'after:sms_messages.updateEach(status=CANCELED)' },
];
