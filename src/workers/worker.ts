import { Logger } from '@nestjs/common';

/** Work that is repeated. */
export interface Work {
  /** The name in logs and metrics. */
  name: string;
  /** The pause between the end of a turn and the next one. */
  everyMillis: number;
  /** Makes the pause longer after a long turn: with 4, the work takes a fifth of the time at most. */
  rest?: number;
  /** The first turn runs before the gateway answers any call. */
  atStart?: true;
  /** Also runs with `ROLE=api`: the work is about this process, not about data that all gateways share. */
  inEachGateway?: true;
  /** One turn. `stopping` is aborted when the gateway stops; the stop waits for the turn, so a long turn must check it. */
  work(stopping: AbortSignal): Promise<void>;
}

/** A finished turn. */
export interface Turn {
  worker: string;
  seconds: number;
  failed: boolean;
}

/** Runs turns one after the other, never two at once. A failed turn is logged, and the next one still runs. */
export class Worker {
  private readonly logger: Logger;
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private turns: Promise<void> = Promise.resolve();
  private isStarted = false;

  constructor(
    private readonly work: Work,
    private readonly tell: (turn: Turn) => void,
  ) {
    this.logger = new Logger(`worker ${work.name}`);
  }

  get name(): string {
    return this.work.name;
  }

  runsAs(role: 'all' | 'api' | 'worker'): boolean {
    return role !== 'api' || this.work.inEachGateway === true;
  }

  /** Runs the turn of `atStart`, if there is one. If a full disk prevents its work, a later turn does it. */
  async first(): Promise<void> {
    if (this.work.atStart) await this.run();
  }

  /** Starts with a pause, then runs the first turn. */
  start(): void {
    this.isStarted = true;
    this.pause(this.work.everyMillis);
  }

  /** Runs a turn at once instead of after the pause. Does nothing if this gateway doesn't run this worker. */
  wake(): void {
    if (this.isStarted && !this.stopping.signal.aborted) void this.run();
  }

  /** Runs one more turn, after those that were requested before; never rejects. */
  run(): Promise<void> {
    this.turns = this.turns
      .then(() => this.turn())
      .catch((error: unknown) => this.logger.error({ err: error }, 'a turn failed'));
    return this.turns;
  }

  /** Prevents further turns; waits for those that were requested. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.turns;
  }

  private pause(millis: number): void {
    this.timer = setTimeout(() => {
      const began = performance.now();
      void this.run().finally(() => {
        const rest = (this.work.rest ?? 0) * (performance.now() - began);
        if (!this.stopping.signal.aborted) this.pause(Math.max(this.work.everyMillis, rest));
      });
    }, millis);
  }

  private async turn(): Promise<void> {
    const began = performance.now();
    let failed = true;
    try {
      await this.work.work(this.stopping.signal);
      failed = false;
    } finally {
      this.tell({ worker: this.name, seconds: (performance.now() - began) / 1000, failed });
    }
  }
}
