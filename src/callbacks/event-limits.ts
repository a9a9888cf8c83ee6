import type { CarrierEvent } from '../carriers/carrier.js';
import type { ErrorDetail } from '../common/errors.js';
import { wellFormed } from '../common/http/json-text.js';

/** Ids, numbers and statuses of providers are far shorter. */
const LONGEST = 200;
const SHORT = ['ref', 'attempt', 'status', 'code', 'from', 'to'] as const;

/**
 * The events as they may be stored: a text loses its NULs, at which stores truncate, and halves of characters become U+FFFD; anything else
 * must be short and without NULs.
 */
export function storable(events: readonly CarrierEvent[]): { events: CarrierEvent[]; problem?: ErrorDetail } {
  for (const event of events) {
    const values = event as unknown as Record<string, string | null | undefined>;
    for (const field of SHORT) {
      const value = values[field] ?? '';
      if (value.length > LONGEST)
        return { events: [], problem: { field, message: `has more than ${LONGEST} characters` } };
      if (value.includes('\0'))
        return { events: [], problem: { field, message: 'must not contain the character NUL' } };
    }
  }
  return {
    events: events.map((event) =>
      event.kind === 'inbound' ? { ...event, text: wellFormed(event.text.replaceAll('\0', '')) } : event,
    ),
  };
}
