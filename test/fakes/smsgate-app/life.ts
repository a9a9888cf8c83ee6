import { setTimeout as sleep } from 'node:timers/promises';

/** One run of the app's process: what it does ends with it, wherever it is. */
export class Life {
  private readonly over = new AbortController();
  private readonly working = new Set<Promise<void>>();
  readonly signal = this.over.signal;

  get isOver(): boolean {
    return this.signal.aborted;
  }

  /** Goes on beside the rest. An error in the end of a life is of no interest. */
  begin(work: () => Promise<void>): void {
    const running: Promise<void> = work()
      .catch((error: unknown) => {
        if (!this.isOver) throw error;
      })
      .finally(() => this.working.delete(running));
    this.working.add(running);
  }

  async pause(millis: number): Promise<void> {
    await sleep(millis, undefined, { signal: this.signal }).catch(() => undefined);
  }

  /** Until `attempt` answers true. @throws nothing: what fails is tried again. */
  async untilDone(attempt: () => Promise<boolean>, pauseMillis: number): Promise<void> {
    while (!this.isOver && !(await attempt().catch(() => false))) await this.pause(pauseMillis);
  }

  async end(): Promise<void> {
    this.over.abort();
    await Promise.all(this.working);
  }
}
