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

/** The simulated result of one text. */
export interface Draw {
  latencyMs: number;
  error?: ReportError;
  /** When the delivery report comes; undefined for none. */
  deliveryMs?: number;
  replies: boolean;
}

/** The errors that Android's SmsManager returns to an app when it couldn't send a text. */
const FAILURES: readonly ReportError[] = [
  { code: 'RESULT_ERROR_GENERIC_FAILURE', message: 'The modem could not send the text.' },
  { code: 'RESULT_ERROR_NO_SERVICE', message: 'There is no mobile service.' },
  { code: 'RESULT_ERROR_RADIO_OFF', message: 'The radio is switched off.' },
];

/** Always makes six draws, so that the n-th text of a phone gets the same result whatever happened to earlier texts. */
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
