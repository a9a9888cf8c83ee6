import type {
  CallbackReading,
  Carrier,
  OutgoingText,
  Receipt,
  SendOutcome,
  TestOutcome,
} from '../../src/carriers/carrier.js';
import { CarrierAccounts } from '../../src/carriers/carrier-accounts.js';
import type { OpenAccount } from '../../src/carriers/open-account.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import type { Channel } from '../../src/domain/channel.js';
import type { TestGateway } from './gateway.js';

type Answer = SendOutcome | ((text: OutgoingText, signal: AbortSignal) => Promise<SendOutcome>);

/** A carrier of which the test decides each answer, and when it comes. */
export class ScriptedCarrier implements Carrier {
  readonly capabilities;
  readonly sent: OutgoingText[] = [];
  /** What each send is answered that `next` has nothing for. */
  always: Answer = { kind: 'accepted', ref: null, receipts: true };
  private readonly script: Answer[] = [];
  private refs = 0;
  running = 0;
  mostRunning = 0;

  constructor(channels: readonly Channel[] = ['sms']) {
    this.capabilities = { channels, characters: 1600, per_second: 1000, concurrency: 10, receipts: true };
  }

  next(...answers: Answer[]): void {
    this.script.push(...answers);
  }

  async send(text: OutgoingText, signal: AbortSignal): Promise<SendOutcome> {
    this.sent.push(text);
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    try {
      const answer = this.script.shift() ?? this.always;
      const outcome = typeof answer === 'function' ? await answer(text, signal) : answer;
      return outcome.kind === 'accepted' && outcome.ref === null ? { ...outcome, ref: `ref-${++this.refs}` } : outcome;
    } finally {
      this.running--;
    }
  }

  test(): Promise<TestOutcome> {
    return Promise.resolve({ kind: 'proven' });
  }
  readCallback(): CallbackReading {
    return { kind: 'read', events: [] };
  }

  /** By the carrier's id. */
  readonly receipts = new Map<string, Receipt | 'none' | 'later'>();
  readonly asked: string[] = [];
  fetchReceipt(ref: string): Promise<Receipt | 'none' | 'later'> {
    this.asked.push(ref);
    return Promise.resolve(this.receipts.get(ref) ?? 'later');
  }
}

/** Answers when the test says so. */
export function held(): { answer: Answer; release(outcome: SendOutcome): void; began: Promise<OutgoingText> } {
  let release!: (outcome: SendOutcome) => void;
  let begin!: (text: OutgoingText) => void;
  const outcome = new Promise<SendOutcome>((resolve) => (release = resolve));
  const began = new Promise<OutgoingText>((resolve) => (begin = resolve));
  const answer: Answer = (text, signal) => {
    begin(text);
    const cut = new Promise<SendOutcome>((resolve) =>
      signal.addEventListener('abort', () => resolve({ kind: 'unknown', reason: 'cut' }), { once: true }),
    );
    return Promise.race([outcome, cut]);
  };
  return { answer, release, began };
}

/** Puts accounts into a gateway that no store knows. */
export class ScriptedAccounts {
  readonly accounts: OpenAccount[] = [];

  constructor(gateway: TestGateway) {
    const known = gateway.get(CarrierAccounts);
    known.all = () => Promise.resolve([...this.accounts]);
    known.ofTenant = (tenant) => Promise.resolve(this.accounts.filter((one) => one.tenant === tenant));
    known.find = (tenant, name) =>
      Promise.resolve(this.accounts.find((one) => one.tenant === tenant && one.name === name) ?? null);
    known.hold = (account, until, code, reason) => {
      const at = this.accounts.findIndex((one) => one.tenant === account.tenant && one.name === account.name);
      this.accounts[at] = { ...this.accounts[at]!, hold: { until, code, reason } };
      return Promise.resolve();
    };
  }

  add(tenant: TenantId, name: string, more: Partial<OpenAccount> = {}, channels?: readonly Channel[]): ScriptedCarrier {
    const carrier = new ScriptedCarrier(channels);
    const { per_second: perSecond, concurrency } = carrier.capabilities;
    this.accounts.push({
      tenant,
      name,
      accountId: `AC-${tenant}`,
      sender: null,
      perSecond,
      concurrency,
      hold: null,
      carrier,
      ...more,
    });
    return carrier;
  }
}
