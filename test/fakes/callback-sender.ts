import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A call that a provider makes to us. */
export interface Callback {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What happens to the callbacks that a fake makes by itself; shares are from 0 to 1. */
export interface CallbackPlan {
  /** Before each callback. */
  delayMillis?: number;
  /** How often one that isn't answered 2xx is sent again, and after how long. */
  retries?: number;
  retryMillis?: number;
  lost?: number;
  duplicated?: number;
  /** The callbacks of one text arrive last one first. */
  reordered?: number;
  /** The first callback arrives before the send is answered. */
  early?: number;
}

/** Makes callbacks and remembers how they were answered. */
export class CallbackSender {
  /** By how they were answered: a status, or 0 where nobody answered. */
  readonly answers: { callback: Callback; status: number; body: string }[] = [];
  readonly lost: Callback[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private readonly stopped = new AbortController();

  constructor() {
    // One for each callback on its way.
    setMaxListeners(0, this.stopped.signal);
  }

  /** Once, now. */
  async send(callback: Callback): Promise<{ status: number; body: string }> {
    const answer = await fetch(callback.url, {
      method: callback.method,
      headers: callback.headers,
      ...(callback.method === 'GET' ? {} : { body: callback.body }),
      signal: AbortSignal.any([this.stopped.signal, AbortSignal.timeout(15_000)]),
    }).then(
      async (response) => ({ status: response.status, body: await response.text() }),
      () => ({ status: 0, body: '' }),
    );
    this.answers.push({ callback, ...answer });
    return answer;
  }

  /** Later, as the plan has it, one after the other. */
  follow(callbacks: readonly Callback[], plan: CallbackPlan, random: () => number): void {
    const kept = callbacks.filter((callback) => {
      const lost = random() < (plan.lost ?? 0);
      if (lost) this.lost.push(callback);
      return !lost;
    });
    const several = kept.flatMap((one) => (random() < (plan.duplicated ?? 0) ? [one, one] : [one]));
    const ordered = random() < (plan.reordered ?? 0) ? several.toReversed() : several;
    const run = this.inTurn(ordered, plan).finally(() => this.running.delete(run));
    this.running.add(run);
  }

  private async inTurn(callbacks: readonly Callback[], plan: CallbackPlan): Promise<void> {
    for (const callback of callbacks) {
      await this.wait(plan.delayMillis ?? 0);
      for (let left = plan.retries ?? 1; ; left--) {
        if (this.stopped.signal.aborted) return;
        const { status } = await this.send(callback);
        if ((status >= 200 && status < 300) || left === 0) break;
        await this.wait(plan.retryMillis ?? 1000);
      }
    }
  }

  private async wait(millis: number): Promise<void> {
    if (millis > 0) await sleep(millis, undefined, { signal: this.stopped.signal }).catch(() => {});
  }

  /** Resolves when nothing is on its way any more. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.settled();
  }
}
