import type { Backoff } from './backoff.js';
import { Bell } from './bell.js';
import { asError, isBodyRefused, RefusedError, retryAfterMs, StoppedError } from './errors.js';
import type { Network } from './network.js';
import type { Timers } from './timers.js';

export interface OutboxOptions<T> {
  /** Resolves when the server has taken the items. */
  deliver(items: T[], signal: AbortSignal): Promise<void>;
  /** Items with the same key never travel together, since a server may treat a batch in any order. */
  key(item: T): string;
  onTrouble(error: Error, refused: T | undefined): void;
  onTold?(): void;
  backoff: Backoff;
  network: Network;
  timers: Timers;
}

const BATCH = 100;

/** What the server has to be told, in order, until it has taken it. */
export class Outbox<T> {
  readonly #items: T[] = [];
  readonly #bell = new Bell();
  #batch = BATCH;

  constructor(private readonly options: OutboxOptions<T>) {}

  /** What waits, with what is under way. */
  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#bell.ring();
  }

  /** Tells until `signal` aborts; what isn't acknowledged by then stays. Throws only RefusedError. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#items.length === 0) {
        await this.#bell.wait(signal);
        continue;
      }
      await this.options.network.whenUp(signal);
      if (!signal.aborted) await this.#tell(this.#head(), signal);
    }
  }

  #head(): T[] {
    const keys = new Set<string>();
    const upTo = this.#items.slice(0, this.#batch);
    const repeated = upTo.findIndex((item) => {
      const key = this.options.key(item);
      return keys.size === keys.add(key).size;
    });
    return repeated < 0 ? upTo : upTo.slice(0, repeated);
  }

  async #tell(items: T[], signal: AbortSignal): Promise<void> {
    const { backoff, timers } = this.options;
    try {
      await this.options.deliver(items, signal);
      this.#items.splice(0, items.length);
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

  /** One item the server can't stand must not keep back the others: smaller batches find it, then it is dropped. */
  #narrow(items: T[], error: Error): void {
    if (items.length > 1) {
      this.#batch = Math.ceil(items.length / 2);
      return;
    }
    this.#items.shift();
    this.options.onTrouble(error, items[0]);
    this.options.onTold?.();
  }
}
