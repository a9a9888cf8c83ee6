import type { SendOutcome } from '../carrier.js';
import { jsonOf, retryAfter, type HttpAnswer, type HttpOutcome } from '../http-call.js';
import { laterByLoad, refusedText, type ProviderError } from '../provider-errors.js';
import { outcomeOfUnanswered } from '../unanswered.js';
import { FCM_ERRORS } from './fcm-errors.js';

const TITLE = 'Firebase';
const MOVED: ProviderError = { kind: 'later', cause: 'failure', reason: 'Firebase is at another address' };
const BY_STATUS: Readonly<Record<number, ProviderError>> = {
  401: FCM_ERRORS['UNAUTHENTICATED']!,
  403: FCM_ERRORS['PERMISSION_DENIED']!,
  404: FCM_ERRORS['NOT_FOUND']!,
  408: { kind: 'later', cause: 'failure', reason: 'Firebase did not get the whole call' },
  413: refusedText('The push is too large for Firebase'),
  429: FCM_ERRORS['QUOTA_EXCEEDED']!,
};
const MOVES = [301, 302, 307, 308];
const REFUSED_KINDLY: ProviderError = { kind: 'refused', fault: 'route', reason: 'Firebase refuses the push' };

/** What became of a push. The class of the HTTP status decides first: only a refusal says that it surely wasn't sent. */
export function outcomeOfSend(result: HttpOutcome, now: Date): SendOutcome {
  if (result.kind !== 'answered') return outcomeOfUnanswered(result, TITLE);
  const { status } = result;
  if (status >= 200 && status < 300) return { kind: 'accepted', ref: nameIn(result), receipts: false };
  const code = codeIn(result);
  if (MOVES.includes(status)) return outcome(MOVED, `http_${status}`, result, now);
  // Overload is told before a push is worked on; a page of some machine in between tells nothing.
  if (status === 503 && code) return outcome(laterOf(code), code, result, now);
  if (status < 400 || status >= 500)
    return { kind: 'unknown', reason: `Firebase answered with HTTP ${status}; it may have taken the push` };
  const known = code ? FCM_ERRORS[code] : undefined;
  if (known?.kind === 'refused' && code === 'INVALID_ARGUMENT' && blamesTarget(result))
    return { ...known, code, dead_address: true };
  return outcome(known ?? BY_STATUS[status] ?? REFUSED_KINDLY, code ?? `http_${status}`, result, now);
}

function laterOf(code: string): ProviderError {
  const known = FCM_ERRORS[code];
  return known?.kind === 'later' ? known : laterByLoad('Firebase is overloaded');
}

function nameIn(answer: HttpAnswer): string | null {
  const { name } = jsonOf(answer);
  return typeof name === 'string' && /^[\w/.:%-]{1,200}$/.test(name) ? name : null;
}

/** Messaging's own code, else the general one. */
function codeIn(answer: HttpAnswer): string | null {
  const { status, details } = errorIn(answer);
  const own = details.map(({ errorCode }) => errorCode).find((code) => typeof code === 'string');
  const code = own ?? status;
  return typeof code === 'string' && /^[A-Z_]{1,60}$/.test(code) ? code : null;
}

const TARGETS: readonly unknown[] = ['message.token', 'message.fid'];

/**
 * Whether it is the target alone that is wrong. An invalid argument may be anything in the push, so its target counts as dead only when
 * Firebase names the target's field, and no other.
 */
function blamesTarget(answer: HttpAnswer): boolean {
  const violations = errorIn(answer).details.flatMap(({ fieldViolations }) => listOf(fieldViolations));
  return violations.length > 0 && violations.every(({ field }) => TARGETS.includes(field));
}

function errorIn(answer: HttpAnswer): { status: unknown; details: Record<string, unknown>[] } {
  const { status, details } = objectOf(jsonOf(answer)['error']);
  return { status, details: listOf(details) };
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function outcome(error: ProviderError, code: string, answer: HttpAnswer, now: Date): SendOutcome {
  if (error.kind === 'refused') return { ...error, code };
  const { wait, ...rest } = error;
  const seconds = retryAfter(answer, now) ?? (typeof wait === 'number' ? wait : undefined);
  return { ...rest, code, ...(seconds === undefined ? {} : { retry_after: seconds }) };
}
