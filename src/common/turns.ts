import { Logger } from '@nestjs/common';

/**
 * A worker's turns: one after the other, never two at once, and one that fails is logged and not the last. The pause begins when a turn has
 * ended; `rest` makes it longer after a long one (4: work takes a fifth of the time at most).
 */
export class Turns {
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    worker: { readonly name: string },
    private readonly work: () => Promise<void>,
    private readonly everyMillis: number,
    private readonly rest = 0,
  ) {
    this.logger = new Logger(worker.name);
  }

  get isStopping(): boolean {
    return this.stopped;
  }

  /** The first turn comes after a pause. */
  start(pauseMillis = this.everyMillis): void {
    this.timer = setTimeout(() => {
      const began = performance.now();
      void this.run().finally(() => {
        if (!this.stopped) this.start(Math.max(this.everyMillis, this.rest * (performance.now() - began)));
      });
    }, pauseMillis);
  }

  /** One turn more, after those that were asked for before; never rejects. */
  run(): Promise<void> {
    this.turn = this.turn
      .then(() => this.work())
      .catch((error: unknown) => this.logger.error({ err: error }, 'a turn failed'));
    return this.turn;
  }

  /** No further turn; waits for those that were asked for. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.turn;
  }
}
