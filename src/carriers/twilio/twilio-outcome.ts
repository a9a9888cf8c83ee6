import type { SendOutcome } from '../carrier.js';
import { jsonOf, retryAfter, type HttpAnswer, type HttpOutcome } from '../http-call.js';
import { untilTomorrow, type ProviderError } from '../provider-errors.js';
import { outcomeOfUnanswered } from '../unanswered.js';
import { TWILIO_ERRORS } from './twilio-errors.js';
import { codeOf, stateOf } from './twilio-receipt.js';

const REFUSED_KINDLY: ProviderError = { kind: 'refused', fault: 'route', reason: 'Twilio refuses the text' };
const BY_STATUS: Readonly<Record<number, ProviderError>> = {
  301: { kind: 'later', cause: 'failure', reason: 'Twilio is at another address; look at TWILIO_BASE_URL' },
  401: TWILIO_ERRORS['20003']!,
  408: { kind: 'later', cause: 'failure', reason: 'Twilio did not get the whole call' },
  413: { kind: 'refused', fault: 'text', reason: 'The text is too large for Twilio' },
  429: TWILIO_ERRORS['20429']!,
};
const MOVED = [301, 302, 307, 308];

/** What became of a text. The class of the HTTP status decides first: only a refusal says that it surely wasn't sent. */
export function outcomeOfSend(result: HttpOutcome, now: Date, callbacks: boolean): SendOutcome {
  if (result.kind !== 'answered') return outcomeOfUnanswered(result, 'Twilio');
  const { status } = result;
  if (status >= 200 && status < 300) return taken(result, now, callbacks);
  const body = jsonOf(result);
  const code = codeOf(body['code']);
  if (MOVED.includes(status)) return refusal(BY_STATUS[301]!, `http_${status}`, result, now);
  if (status === 503 && code && retryAfter(result, now) !== undefined) {
    const known = TWILIO_ERRORS[code];
    const busy: ProviderError = { kind: 'later', cause: 'load', reason: 'Twilio is overloaded' };
    return refusal(known?.kind === 'later' ? known : busy, code, result, now);
  }
  if (status < 400 || status >= 500)
    return { kind: 'unknown', reason: `Twilio answered with HTTP ${status}; it may have taken the text` };
  const known = code ? TWILIO_ERRORS[code] : undefined;
  const byStatus = BY_STATUS[status];
  // What was called too often or with wrong credentials wasn't worked on, whatever else its code means.
  const decided = byStatus?.kind === 'later' && known?.kind !== 'later' ? byStatus : (known ?? byStatus);
  return refusal(decided ?? REFUSED_KINDLY, code ?? `http_${status}`, result, now);
}

/** Twilio has taken it, even where it says so in words that nobody can read; but its first status may already be a failure. */
function taken(answer: HttpAnswer, now: Date, callbacks: boolean): SendOutcome {
  const body = jsonOf(answer);
  const code = codeOf(body['error_code']);
  if (stateOf(body['status']) === 'failed' && code)
    return refusal(TWILIO_ERRORS[code] ?? REFUSED_KINDLY, code, answer, now);
  const ref = typeof body['sid'] === 'string' && /^[A-Za-z0-9]{1,64}$/.test(body['sid']) ? body['sid'] : null;
  return { kind: 'accepted', ref, receipts: ref !== null || callbacks };
}

function refusal(error: ProviderError, code: string, answer: HttpAnswer, now: Date): SendOutcome {
  if (error.kind === 'refused') return { ...error, code };
  const { wait, ...rest } = error;
  const asked = retryAfter(answer, now);
  const seconds = wait === 'tomorrow' ? Math.max(untilTomorrow(now), asked ?? 0) : (asked ?? wait);
  return { ...rest, code, ...(seconds === undefined ? {} : { retry_after: seconds }) };
}
