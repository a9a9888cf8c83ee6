import type { FaultPoint } from '../fault-points.js';

const TOLD = 'notifications.insertOne';
const PLANNED = 'notification_recipients.insertMany';
const SENT = 'sms_messages.insertMany(purpose=notification)';
const THROUGH = 'notifications.findOneAndUpdate(audience)';
const GONE_ON = 'notification_recipients.updateEach(step=1)';
const TAKEN_BACK = 'notifications.findOneAndUpdate(canceled_at)';

/** Between every two steps of a notification, from its acceptance to its outcomes. */
export const NOTIFICATION_FAULT_POINTS: readonly FaultPoint[] = [
  // It is accepted; its audience gets recipients, they get messages, page by page.
  { name: `before:${TOLD}` },
  { name: `after:${TOLD}` },
  { name: `inside:${PLANNED}` },
  { name: `after:${PLANNED}` },
  { name: 'after:token_notifications.insertMany' },
  { name: `inside:${SENT}` },
  { name: `after:${SENT}` },
  { name: 'before:notifications.findOneAndUpdate(place=topic)' },
  { name: 'after:notifications.findOneAndUpdate(place=topic)' },
  { name: `before:${THROUGH}` },
  { name: `after:${THROUGH}` },
  // What a death left is gone on with.
  { name: `after:${PLANNED}`, after: `after:${TOLD}` },
  { name: `after:${SENT}`, after: `after:${PLANNED}` },
  { name: `before:${THROUGH}`, after: `inside:${SENT}` },
  // Its messages go out.
  { name: 'before:sms_messages.updateEach(lease.call_started_at)' },
  { name: 'after:sms_messages.updateEach(lease.call_started_at)' },
  { name: 'before:sms_messages.updateEach(status=SENT)' },
  { name: 'after:sms_messages.updateEach(status=SENT)' },
  { name: 'after:sms_messages.updateEach(status=FAILED)' },
  // Its recipients are settled.
  { name: 'before:notification_recipients.updateEach(outcome=sent)' },
  { name: 'after:notification_recipients.updateEach(outcome=sent)' },
  { name: 'after:notification_recipients.updateEach(outcome=delivered)' },
  { name: 'after:notification_recipients.updateEach(outcome=failed)' },
  // It goes on to the next way, by which the texts are made after the step.
  { name: `before:${GONE_ON}` },
  { name: `after:${GONE_ON}` },
  { name: `before:${SENT}`, after: `after:${GONE_ON}` },
  // It is confirmed.
  { name: 'before:notification_recipients.updateEach(confirmed_at)' },
  { name: 'after:notification_recipients.updateEach(confirmed_at)' },
  // It is taken back.
  { name: `after:${TAKEN_BACK}` },
  { name: 'after:sms_messages.updateEach(status=CANCELED)' },
  { name: 'after:notification_recipients.updateEach(outcome=canceled)' },
  { name: 'before:notifications.updateOne(audience)', after: `after:${TAKEN_BACK}` },
];
