import type { Backoff } from './backoff.js';
import { Bell } from './bell.js';
import { asError, isBodyRefused, RefusedError, retryAfterMs, StoppedError } from './errors.js';
import type { Network } from './network.js';
import type { Timers } from './timers.js';

export interface OutboxOptions<T> {
  /** Resolves when the server has received the items. */
  deliver(items: T[], signal: AbortSignal): Promise<void>;
  /** Items with the same key are never sent in one batch, since a server may process a batch in any order. */
  key(item: T): string;
  onTrouble(error: Error, refused: T | undefined): void;
  onTold?(): void;
  backoff: Backoff;
  network: Network;
  timers: Timers;
}

const BATCH = 100;
/** Minimum time between two batches; otherwise a busy phone would send a request per report. */
const GATHER_MS = 20;

/** The items to send to the server, in order for each key; each is kept until the server has received it. */
export class Outbox<T> {
  readonly #items: T[] = [];
  readonly #bell = new Bell();
  #batch = BATCH;

  constructor(private readonly options: OutboxOptions<T>) {}

  /** Number of items that wait or are being sent. */
  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#bell.ring();
  }

  /** Sends until `signal` aborts; items that aren't acknowledged by then stay. Throws only RefusedError. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#items.length === 0) {
        await this.#bell.wait(signal);
        continue;
      }
      await this.options.network.whenUp(signal);
      if (signal.aborted) return;
      const told = this.options.timers.now();
      await this.#tell(this.#head(), signal);
      const left = told + GATHER_MS - this.options.timers.now();
      if (left > 0) await this.options.timers.sleep(left, signal);
    }
  }

  /** The next items, without a second one of the same key, which must wait for the answer to the first. */
  #head(): T[] {
    const byKey = new Map<string, T>();
    for (const item of this.#items.slice(0, 2 * this.#batch)) {
      const key = this.options.key(item);
      if (!byKey.has(key) && byKey.size < this.#batch) byKey.set(key, item);
    }
    return [...byKey.values()];
  }

  #remove(items: T[]): void {
    const gone = new Set(items);
    const reach = 2 * BATCH;
    this.#items.unshift(...this.#items.splice(0, reach).filter((item) => !gone.has(item)));
  }

  async #tell(items: T[], signal: AbortSignal): Promise<void> {
    const { backoff, timers } = this.options;
    try {
      await this.options.deliver(items, signal);
      this.#remove(items);
      this.#batch = Math.min(BATCH, this.#batch * 2);
      backoff.reset();
      this.options.onTold?.();
    } catch (error) {
      if (error instanceof StoppedError) return;
      if (error instanceof RefusedError) throw error;
      if (isBodyRefused(error)) return this.#narrow(items, asError(error));
      this.options.onTrouble(asError(error), undefined);
      await timers.sleep(backoff.nextMs(retryAfterMs(error)), signal);
    }
  }

  /** One item that the server refuses must not block the others: smaller batches find it, then it is dropped. */
  #narrow(items: T[], error: Error): void {
    if (items.length > 1) {
      this.#batch = Math.ceil(items.length / 2);
      return;
    }
    this.#remove(items);
    this.options.onTrouble(error, items[0]);
    this.options.onTold?.();
  }
}
