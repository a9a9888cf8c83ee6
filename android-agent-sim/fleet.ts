import { asError } from './errors.js';
import { fleetEvents, type FleetEvents } from './events.js';
import type { Hooks } from './handset.js';
import { longLived } from './long-lived.js';
import { DEFAULTS, type PhoneOptions } from './options.js';
import { Phone } from './phone.js';

/** How many registrations run at a time, so that a thousand phones don't all register at once. */
const AT_ONCE = 16;
const GRACE_MS = 5000;

export class Fleet {
  /** Resolves when every phone has ended. */
  readonly closed: Promise<void>;
  #ended = 0;

  constructor(
    readonly phones: readonly Phone[],
    readonly events: FleetEvents,
  ) {
    events.on('ended', () => this.#ended++);
    this.closed = Promise.all(phones.map((phone) => phone.run())).then(() => undefined);
  }

  /** Messages whose last report the server has received. */
  get ended(): number {
    return this.#ended;
  }

  /** Reports that the server hasn't received yet. */
  get waitingReports(): number {
    return this.phones.reduce((sum, phone) => sum + phone.waitingReports, 0);
  }

  /** The first failure of a phone that ended by itself. */
  get failure(): Error | undefined {
    return this.phones.find((phone) => phone.failure)?.failure;
  }

  /** Resolves when `count` messages have reached a final status (or all phones have). */
  async until(count: number): Promise<void> {
    if (this.#ended >= count) return;
    const reached = new Promise<void>((resolve) => {
      const look = () => {
        if (this.#ended < count) return;
        this.events.off('ended', look);
        resolve();
      };
      this.events.on('ended', look);
    });
    await Promise.race([reached, this.closed]);
  }

  /** Ends waiting polls at once; the radios and reports get up to `graceMs`. Leases of texts that weren't started expire. */
  async stop({ graceMs = GRACE_MS } = {}): Promise<void> {
    await Promise.all(this.phones.map((phone) => phone.stop(graceMs)));
    await this.closed;
  }
}

/**
 * Registers and starts the phones. Rejects with RefusedError when the server refuses one of them; waits for a
 * server that can't be reached until `hooks.signal` aborts, and rejects with StoppedError then.
 */
export async function startPhones(options: Partial<PhoneOptions>, hooks: Hooks = {}): Promise<Fleet> {
  const full: PhoneOptions = { ...DEFAULTS, ...options };
  if (full.token !== undefined && full.phones !== 1) throw new RangeError('a token is for one phone');
  if (full.modem !== 'simulated' && (full.phones !== 1 || full.journal === undefined)) {
    throw new RangeError('a real phone is one phone with a journal');
  }
  const events = hooks.events ?? fleetEvents();
  const create = (_: unknown, index: number) => Phone.create(full, index, { ...hooks, events });
  const phones = await Promise.all(Array.from({ length: full.phones }, create));
  try {
    await Promise.all(phones.map((phone) => phone.check()));
    await registerAll(phones, hooks.signal);
  } catch (error) {
    await Promise.all(phones.map((phone) => phone.stop(0)));
    throw error;
  }
  return new Fleet(phones, events);
}

async function registerAll(phones: Phone[], signal: AbortSignal | undefined): Promise<void> {
  const giveUp = longLived();
  const abort = () => giveUp.abort();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const waiting = phones.slice();
  let refusal: Error | undefined;
  const worker = async () => {
    for (let phone = waiting.shift(); phone; phone = waiting.shift()) await phone.register(giveUp.signal);
  };
  const workers = Array.from({ length: Math.min(AT_ONCE, phones.length) }, () =>
    worker().catch((error: unknown) => {
      refusal ??= asError(error);
      abort();
    }),
  );
  await Promise.all(workers);
  signal?.removeEventListener('abort', abort);
  if (refusal) throw refusal;
}
