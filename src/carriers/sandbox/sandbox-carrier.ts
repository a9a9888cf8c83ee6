import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { later } from '../../domain/time.js';
import type { CarrierContext } from '../carrier-kinds.js';
import type { CarrierInbox } from '../carrier-inbox.js';
import {
  readAttemptId,
  type CallbackReading,
  type Capabilities,
  type Carrier,
  type OutgoingText,
  type SendOutcome,
  type TestOutcome,
} from '../carrier.js';
import { answerOf, caseOf, type SandboxCase } from './outcomes.js';

export const SANDBOX = 'sandbox';

/** Sends nothing. What becomes of a text is decided by its address, so that a client application can be tried against every outcome. */
export class SandboxCarrier implements Carrier {
  readonly capabilities: Capabilities = {
    channels: ['sms', 'whatsapp', 'email', 'push'],
    characters: 1600,
    per_second: 50,
    concurrency: 20,
    receipts: true,
  };
  /** How often each text was put off; a restart forgets it. */
  private readonly delays = new LRUCache<string, number>({ max: 10_000 });

  constructor(
    private readonly context: CarrierContext,
    private readonly inbox: CarrierInbox,
  ) {}

  async send(text: OutgoingText, signal: AbortSignal): Promise<SendOutcome> {
    if (signal.aborted) return { kind: 'later', cause: 'failure', code: 'ABORTED', reason: 'The call was not begun.' };
    const found = caseOf(text.to, text.channel);
    const ref = `sandbox-${text.attempt}`;
    if (found.early) await this.receive(found, text, ref);
    try {
      if (found.slowMillis) await sleep(found.slowMillis, undefined, { signal });
    } catch {
      return { kind: 'unknown', reason: 'the call was ended' };
    }
    const outcome = answerOf(found, this.putOff(text), ref);
    if (!found.early && (outcome.kind === 'accepted' || outcome.kind === 'unknown'))
      await this.receive(found, text, ref);
    return outcome;
  }

  test(): Promise<TestOutcome> {
    return Promise.resolve({ kind: 'proven', name: 'Sandbox' });
  }

  /** Nobody calls us for it: its receipts go straight to the inbox. */
  readCallback(): CallbackReading {
    return { kind: 'forged', reason: 'the sandbox makes no calls' };
  }

  /** Stored like a provider's, so that a restart loses none. */
  private async receive({ receipts = [] }: SandboxCase, text: OutgoingText, ref: string): Promise<void> {
    const now = this.context.now();
    await this.inbox.put(
      receipts.map(({ afterSeconds, ...receipt }, i) => ({
        tenant: this.context.tenant,
        carrier: SANDBOX,
        accountId: SANDBOX,
        event: { kind: 'receipt', ref, attempt: text.attempt, status: `${i}:${receipt.state}`, ...receipt },
        dueAt: later(now, afterSeconds * 1000),
      })),
    );
  }

  private putOff({ attempt }: OutgoingText): number {
    const id = readAttemptId(attempt)?.messageId ?? attempt;
    const before = this.delays.get(id) ?? 0;
    this.delays.set(id, before + 1);
    return before;
  }
}
