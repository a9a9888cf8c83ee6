import { type Random, type Range, within } from './random.js';
import type { ReportError } from './protocol-types.js';

export interface RadioOptions {
  latency: Range;
  deliveryLatency: Range;
  /** Shares, 0 to 1. */
  failure: number;
  delivery: number;
  inbound: number;
}

/** What becomes of one text. */
export interface Draw {
  latencyMs: number;
  error?: ReportError;
  /** After how long the delivery report comes; undefined when none does. */
  deliveryMs?: number;
  replies: boolean;
}

/** What Android's SmsManager gives an app when a text didn't leave. */
const FAILURES: readonly ReportError[] = [
  { code: 'RESULT_ERROR_GENERIC_FAILURE', message: 'The modem could not send the text.' },
  { code: 'RESULT_ERROR_NO_SERVICE', message: 'There is no mobile service.' },
  { code: 'RESULT_ERROR_RADIO_OFF', message: 'The radio is switched off.' },
];

/** Always six draws, so that the n-th text of a phone fares the same whatever became of those before it. */
export function draw(random: Random, options: RadioOptions): Draw {
  const latencyMs = within(random, options.latency);
  const fails = random() < options.failure;
  const error = FAILURES[Math.floor(random() * FAILURES.length)];
  const delivered = random() < options.delivery;
  const deliveryMs = within(random, options.deliveryLatency);
  const replies = random() < options.inbound;
  if (fails) return { latencyMs, error, replies: false };
  return delivered ? { latencyMs, deliveryMs, replies } : { latencyMs, replies: false };
}
