import type { Channel } from '../../domain/channel.js';
import type { Receipt, SendOutcome } from '../carrier.js';

/** What becomes of a text in the sandbox. */
export interface SandboxCase {
  /** What a client application sees, for the documentation. */
  becomes: string;
  /** The answer of the send, `delays` being how often this text was put off before; without one it is taken. */
  answer?(delays: number): SendOutcome;
  /** Before the answer comes. */
  slowMillis?: number;
  /** Receipts after the answer, or before it. */
  receipts?: readonly SandboxReceipt[];
  early?: true;
}
export interface SandboxReceipt extends Pick<Receipt, 'state' | 'code' | 'reason'> {
  afterSeconds: number;
}

const receipt = (state: Receipt['state'], afterSeconds: number, code: string | null = null, reason?: string) => ({
  state,
  afterSeconds,
  code,
  ...(reason ? { reason } : {}),
});
const SENT = receipt('sent', 0);
const DELIVERED = receipt('delivered', 1);
const ARRIVES = [SENT, DELIVERED];

/** What an address that ends with none of the digits below gets. */
export const USUAL: SandboxCase = { becomes: 'DELIVERED a second later', receipts: ARRIVES };

/** By the last three digits of the address. `docs/SANDBOX.md` has the same table; a test compares them. */
export const CASES: Readonly<Record<string, SandboxCase>> = {
  '901': {
    becomes: 'SENT, then `delivery.outcome: "undelivered"`',
    receipts: [SENT, receipt('failed', 1, 'SANDBOX_UNDELIVERED', 'The phone can not be reached.')],
  },
  '902': {
    becomes: 'FAILED at once: nobody can send to this address',
    answer: () => ({
      kind: 'refused',
      fault: 'recipient',
      code: 'SANDBOX_BAD_ADDRESS',
      reason: 'This address does not exist.',
    }),
  },
  '903': {
    becomes: 'FAILED at once: this text is refused',
    answer: () => ({ kind: 'refused', fault: 'text', code: 'SANDBOX_BAD_TEXT', reason: 'This text is not allowed.' }),
  },
  '904': {
    becomes: 'FAILED at once: this account can not send it',
    answer: () => ({
      kind: 'refused',
      fault: 'route',
      code: 'SANDBOX_BAD_ROUTE',
      reason: 'This account can not send to that country.',
    }),
  },
  '905': {
    becomes: 'FAILED at once, and a number is opted out',
    answer: () => ({
      kind: 'refused',
      fault: 'recipient',
      code: 'SANDBOX_OPTED_OUT',
      reason: 'The recipient has opted out.',
      opt_out: true,
    }),
  },
  '906': {
    becomes: 'FAILED at once, and the address counts as dead: a landline, a closed mailbox, an app that is gone',
    answer: () => ({
      kind: 'refused',
      fault: 'recipient',
      code: 'SANDBOX_DEAD_ADDRESS',
      reason: 'There is nobody at this address any more.',
      dead_address: true,
    }),
  },
  '907': {
    becomes: 'put off twice (`waiting`), then DELIVERED',
    answer: (delays) =>
      delays < 2
        ? {
            kind: 'later',
            cause: 'load',
            code: 'SANDBOX_BUSY',
            reason: 'The carrier takes no more texts for now.',
            retry_after: 2,
          }
        : TAKEN,
    receipts: ARRIVES,
  },
  '908': {
    becomes: 'put off (`waiting`) until it EXPIRED',
    answer: () => ({
      kind: 'later',
      cause: 'load',
      code: 'SANDBOX_BUSY',
      reason: 'The carrier takes no more texts for now.',
    }),
  },
  '909': {
    becomes: 'SENDING, and FAILED as UNCONFIRMED when its time is over: nobody knows whether it went out',
    answer: () => ({ kind: 'unknown', reason: 'the carrier did not answer in time' }),
  },
  '910': {
    becomes: 'SENDING without an answer; five seconds later a receipt says DELIVERED',
    answer: () => ({ kind: 'unknown', reason: 'the carrier did not answer in time' }),
    receipts: [receipt('delivered', 5)],
  },
  '911': { becomes: 'taken after five seconds, then DELIVERED', slowMillis: 5000, receipts: ARRIVES },
  '912': {
    becomes: 'DELIVERED by a receipt that arrives before the answer',
    early: true,
    slowMillis: 500,
    receipts: [receipt('delivered', 0)],
  },
  '913': { becomes: 'SENDING: no receipt ever arrives' },
  '914': { becomes: 'SENT: no receipt of the delivery arrives', receipts: [SENT] },
  '915': {
    becomes: 'DELIVERED, told twice and out of order',
    receipts: [receipt('delivered', 0), SENT, receipt('delivered', 1)],
  },
};

const TAKEN: SendOutcome = { kind: 'accepted', ref: null, receipts: true };

/** Of an e-mail address what stands before the @ decides, of a push the end of its token or the name of its topic. */
export function caseOf(to: string, channel: Channel = 'sms'): SandboxCase {
  const name = channel === 'email' ? to.replace(/@[^@]*$/, '') : to;
  return CASES[name.slice(-3)] ?? USUAL;
}

export function answerOf({ answer }: SandboxCase, delays: number, ref: string): SendOutcome {
  const outcome = answer?.(delays) ?? TAKEN;
  return outcome.kind === 'accepted' ? { ...outcome, ref } : outcome;
}
