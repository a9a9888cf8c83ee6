import type { SendOutcome } from '../carrier.js';
import { jsonOf, retryAfter, type HttpAnswer, type HttpOutcome } from '../http-call.js';
import { laterByLoad, refusedRecipient, refusedRoute, refusedText, type ProviderError } from '../provider-errors.js';
import { outcomeOfUnanswered } from '../unanswered.js';
import { FLOWROUTE_ERRORS } from './flowroute-errors.js';
import { objectIn, textIn } from './json-reading.js';

const CREDENTIALS: ProviderError = {
  kind: 'later',
  cause: 'failure',
  account: true,
  wait: 60,
  reason: 'Flowroute refuses the credentials: access_key and secret_key do not belong together',
};
const MOVED: ProviderError = {
  kind: 'later',
  cause: 'failure',
  reason: 'Flowroute is at another address; look at FLOWROUTE_BASE_URL',
};
/** Another account may be able to send it. */
const REFUSED_KINDLY = refusedRoute('Flowroute refuses the text');
const FROM = refusedRoute('Flowroute refuses the number that it was sent from');
const TO = refusedRecipient('Flowroute refuses the number of the recipient');
const BODY = refusedText('Flowroute refuses the text');

const BY_STATUS: Readonly<Record<number, ProviderError>> = {
  401: CREDENTIALS,
  403: CREDENTIALS,
  404: refusedRoute('Flowroute does not know what it was asked for'),
  405: refusedRoute('Flowroute does not know what it was asked for'),
  408: { kind: 'later', cause: 'failure', reason: 'Flowroute did not get the whole call' },
  413: refusedText('The text is too large for Flowroute'),
  415: refusedRoute('Flowroute does not read the form in which texts are sent; look at body and api of the account'),
  422: TO,
  429: laterByLoad('Flowroute takes no more texts at the moment'),
};

/** What became of a text. The class of the HTTP status decides first: only a refusal says that it surely wasn't sent. */
export function outcomeOfSend(result: HttpOutcome, now: Date, callbacks: boolean): SendOutcome {
  if (result.kind !== 'answered') return outcomeOfUnanswered(result, 'Flowroute');
  const { status } = result;
  if (status >= 200 && status < 300) return taken(result, callbacks);
  if ([301, 302, 307, 308].includes(status)) return outcome(MOVED, `http_${status}`, result, now);
  const told = toldIn(result);
  if (status === 503 && told && retryAfter(result, now) !== undefined) {
    return outcome(laterByLoad('Flowroute is overloaded'), told.code ?? 'http_503', result, now);
  }
  if (status < 400 || status >= 500)
    return { kind: 'unknown', reason: `Flowroute answered with HTTP ${status}; it may have taken the text` };
  return outcome(errorOf(status, told), told?.code ?? `http_${status}`, result, now);
}

/** Flowroute has taken it, even where it says so in words that nobody can read. */
function taken(answer: HttpAnswer, callbacks: boolean): SendOutcome {
  const ref = textIn(objectIn(jsonOf(answer), 'data'), 'id');
  const known = ref !== null && /^[\w-]{1,100}$/.test(ref) ? ref : null;
  return { kind: 'accepted', ref: known, receipts: known !== null || callbacks };
}

const OPTED_OUT = /\bopted[ -]?out\b/i;

interface Told {
  code: string | null;
  words: string;
}

/** The first of Flowroute's own errors; null where the body has none. */
function toldIn(answer: HttpAnswer): Told | null {
  const { errors } = jsonOf(answer);
  if (!Array.isArray(errors) || typeof errors[0] !== 'object' || errors[0] === null) return null;
  const error = errors[0] as Record<string, unknown>;
  const words = `${textIn(error, 'title') ?? ''} ${textIn(error, 'detail') ?? ''}`;
  const given = textIn(error, 'code');
  if (given && /^\w{1,40}$/.test(given)) return { code: given, words };
  const named = words.match(/\b\d{4}\b/g)?.find((number) => number in FLOWROUTE_ERRORS);
  return { code: named ?? (OPTED_OUT.test(words) ? '1110' : null), words };
}

function errorOf(status: number, told: Told | null): ProviderError {
  const byStatus = BY_STATUS[status];
  if (byStatus?.kind === 'later' && status !== 403) return byStatus;
  const known = told?.code ? FLOWROUTE_ERRORS[told.code] : undefined;
  // What an answer refuses for good isn't tried again, whatever its code means in a receipt.
  if (known?.kind === 'refused') return known;
  return (told && byWords(told.words)) ?? byStatus ?? REFUSED_KINDLY;
}

/** Flowroute says only in a sentence what is wrong. `to` is an ordinary word, too, so it counts where it is a name. */
function byWords(words: string): ProviderError | null {
  if (/\bfrom\b|\bsource\b|\bsender\b|not on your account/i.test(words)) return FROM;
  if (/["'`]to["'`]|\/to\b|\bto (?:number|address|field|is|must)\b|destination|recipient/i.test(words)) return TO;
  return /["'`]body["'`]|\/body\b|\bmessage body\b/i.test(words) ? BODY : null;
}

function outcome(error: ProviderError, code: string, answer: HttpAnswer, now: Date): SendOutcome {
  if (error.kind === 'refused') return { ...error, code };
  const { wait, ...rest } = error;
  const seconds = retryAfter(answer, now) ?? (wait === 'tomorrow' ? undefined : wait);
  return { ...rest, code, ...(seconds === undefined ? {} : { retry_after: seconds }) };
}
