import { Bell } from './bell.js';
import { NetworkError, OfflineError, StoppedError } from './errors.js';
import { longLived } from './long-lived.js';

/** The phone's connection. When it is lost, running requests are cut and their answers are unknown, as on a real phone. */
export class Network {
  #cut: AbortController | undefined = longLived();
  readonly #bell = new Bell();

  get up(): boolean {
    return this.#cut !== undefined;
  }

  lose(): void {
    const cut = this.#cut;
    this.#cut = undefined;
    cut?.abort();
  }

  restore(): void {
    this.#cut ??= longLived();
    this.#bell.ring();
  }

  async whenUp(signal: AbortSignal): Promise<void> {
    while (!this.up && !signal.aborted) await this.#bell.wait(signal);
  }

  /** Runs one exchange; it ends with StoppedError on `signal`, with NetworkError on anything else that cuts it. */
  async use<T>(signal: AbortSignal, timeoutMs: number, exchange: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) throw new StoppedError('stopped');
    const cut = this.#cut?.signal;
    if (!cut) throw new OfflineError('no network');
    // Not AbortSignal.any: one of these signals lives as long as the phone, and would collect a dependent signal per exchange.
    const either = new AbortController();
    const abort = () => either.abort();
    signal.addEventListener('abort', abort);
    cut.addEventListener('abort', abort);
    const timer = setTimeout(abort, timeoutMs);
    try {
      return await exchange(either.signal);
    } catch (error) {
      if (signal.aborted) throw new StoppedError('stopped');
      if (cut.aborted) throw new OfflineError('network lost');
      if (either.signal.aborted) throw new NetworkError(`no answer within ${timeoutMs / 1000} s`);
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      cut.removeEventListener('abort', abort);
    }
  }
}
