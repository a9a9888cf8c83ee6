import type { SendOutcome, TestOutcome } from '../carrier.js';
import { laterByLoad, refusedRecipient, refusedRoute, refusedText, type ProviderError } from '../provider-errors.js';
import { outcomeOfUnanswered } from '../unanswered.js';
import { SMTP_ERRORS } from './smtp-errors.js';

/** What nodemailer says of a send that didn't succeed. */
export interface SmtpFailure {
  /** Its own: `EENVELOPE`, `EAUTH`, `ECONNECTION`. */
  code?: string;
  /** The system's, such as `ECONNREFUSED`. */
  originalCode?: string;
  /** What the server answered. */
  responseCode?: number;
  response?: string;
  /** What it answered to. */
  command?: string;
}

const TITLE = 'The mail server';
const NOT_SERVING: ProviderError = { kind: 'later', cause: 'failure', reason: `${TITLE} does not serve us` };
const PATIENCE = laterByLoad(`${TITLE} takes no mail at the moment`);

/** `begun`: the mail itself was on its way. Then only an answer says for sure that it isn't taken. */
export function outcomeOfFailure(failure: SmtpFailure, begun: boolean): SendOutcome {
  const { code = 'failed', originalCode = code, responseCode = 0 } = failure;
  if (responseCode >= 400) return outcome(errorOf(failure), codeOf(failure));
  if (begun) return outcomeOfUnanswered({ kind: 'unknown', code: originalCode }, TITLE);
  if (code === 'EAUTH' || code === 'ENOAUTH') return outcome(SMTP_ERRORS['534']!, code);
  if (code === 'EMESSAGE') return outcome(SMTP_ERRORS['5.3.4']!, code);
  return outcomeOfUnanswered({ kind: 'unsent', code: originalCode }, TITLE);
}

export function outcomeOfTest(failure: SmtpFailure): TestOutcome {
  const tried = outcomeOfFailure(failure, false);
  if (tried.kind !== 'later' && tried.kind !== 'refused')
    return { kind: 'untried', code: 'failed', reason: `${TITLE} did not answer` };
  const { code, reason } = tried;
  if (tried.kind === 'later' && tried.account) return { kind: 'refused', field: 'url', code, reason };
  return { kind: 'untried', code, reason };
}

function enhancedOf({ response = '' }: SmtpFailure): string | null {
  return /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? null;
}

function codeOf(failure: SmtpFailure): string {
  return enhancedOf(failure) ?? String(failure.responseCode);
}

function errorOf(failure: SmtpFailure): ProviderError {
  const { code, command = '', responseCode = 0 } = failure;
  const byCode = SMTP_ERRORS[responseCode];
  // What refuses a login is about the account, whatever its enhanced code says.
  if (code === 'EAUTH') return responseCode < 500 ? SMTP_ERRORS['454']! : SMTP_ERRORS['535']!;
  if (byCode?.kind === 'later' && byCode.account) return byCode;
  const enhanced = enhancedOf(failure);
  const known = enhanced ? SMTP_ERRORS[enhanced] : undefined;
  if (responseCode < 500) return known?.kind === 'later' ? known : byCode?.kind === 'later' ? byCode : PATIENCE;
  return known ?? byPlace(command, enhanced, byCode);
}

function byPlace(command: string, enhanced: string | null, byCode: ProviderError | undefined): ProviderError {
  if (enhanced?.startsWith('5.7.')) return SMTP_ERRORS['5.7.1']!;
  switch (command) {
    case 'RCPT TO':
      return byCode?.kind === 'refused' && byCode.fault === 'recipient' ? byCode : refusedRecipient(NO_RECIPIENT);
    case 'MAIL FROM':
      return refusedRoute(`${TITLE} refuses the address that mails come from; look at from`);
    case 'DATA':
      if (enhanced?.startsWith('5.6.')) return refusedText(`${TITLE} does not take this content`);
      return byCode?.kind === 'refused' && byCode.fault === 'text' ? byCode : SMTP_ERRORS['554']!;
    default:
      return NOT_SERVING;
  }
}
const NO_RECIPIENT = `${TITLE} does not take mail for this address`;

function outcome(error: ProviderError, code: string): SendOutcome {
  if (error.kind === 'refused') return { ...error, code };
  const { wait, ...rest } = error;
  return { ...rest, code, ...(typeof wait === 'number' ? { retry_after: wait } : {}) };
}
