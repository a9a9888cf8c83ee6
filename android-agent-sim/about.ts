import type { PhoneEvent } from './events.js';
import type { Job } from './protocol-types.js';

/** The fields of an event that describe a message. */
export function about(job: Job): Omit<PhoneEvent, 'device' | 'at'> {
  return {
    messageId: job.message_id,
    to: job.to,
    text: job.text,
    ...(job.request_id && { requestId: job.request_id }),
    ...(job.lease_id && { leaseId: job.lease_id }),
    ...(job.priority && { priority: job.priority }),
  };
}
