import type { FaultPoint } from '../fault-points.js';
import { END, START } from './pool.js';

const MADE = 'proxy_sessions.insertOne(opening_until)';
const STARTED = `sms_messages.insertMany(text=${START})`;
const CLOSED = 'proxy_sessions.findOneAndUpdate(state=closed)';
const ENDED = `sms_messages.insertMany(text=${END})`;

/** Between every two steps of a session's beginning, its texts and its end. */
export const MASKED_FAULT_POINTS: readonly FaultPoint[] = [
  // It takes its number, everybody is told, it is open.
  { name: `before:${MADE}` },
  { name: `after:${MADE}` },
  { name: `before:${STARTED}` },
  { name: `after:${STARTED}` },
  { name: 'after:proxy_sessions.findOneAndUpdate(last_texts)' },
  { name: 'before:proxy_sessions.findOneAndUpdate(opening_until)' },
  { name: 'after:proxy_sessions.findOneAndUpdate(opening_until)' },
  { name: 'after:audit_logs.insertOne(action=OPEN_SESSION)' },
  // What a death left of it is undone.
  { name: `after:${CLOSED}`, after: `after:${MADE}` },
  { name: `before:${CLOSED}`, after: `after:${STARTED}` },
  { name: `after:${CLOSED}`, after: `after:${STARTED}` },
  { name: 'after:sms_messages.findOneAndUpdate(status=CANCELED)', after: `after:${STARTED}`, isRare: true },
  { name: 'before:proxy_sessions.deleteOne', after: `after:${MADE}` },
  { name: 'after:proxy_sessions.deleteOne', after: `after:${MADE}` },
  // A text is received, noted, passed on.
  { name: 'after:inbound_messages.insertMany' },
  { name: 'after:proxy_sessions.findOneAndUpdate(unsettled)' },
  { name: 'after:sms_messages.insertMany(priority=HIGH)' },
  { name: 'before:inbound_messages.updateOne(handle_at)' },
  { name: 'after:inbound_messages.updateOne(handle_at)' },
  // It is ended: its number is free, everybody is told.
  { name: `before:${CLOSED}` },
  { name: `after:${CLOSED}` },
  { name: `before:${ENDED}` },
  { name: `after:${ENDED}` },
  { name: 'before:proxy_sessions.findOneAndUpdate(closing)' },
  { name: `after:${ENDED}`, after: `after:${CLOSED}` },
  { name: 'before:proxy_sessions.findOneAndUpdate(closing)', after: `after:${CLOSED}` },
];
