import { Logger } from '@nestjs/common';

/** What is done again and again. */
export interface Work {
  /** In the logs and the metrics. */
  name: string;
  /** The pause between the end of a turn and the next one. */
  everyMillis: number;
  /** Makes the pause longer after a long turn: with 4, work takes a fifth of the time at most. */
  rest?: number;
  /** The first turn comes before the gateway answers anybody. */
  atStart?: true;
  /** Also with `ROLE=api`: it is about this process, not about what all gateways share. */
  inEachGateway?: true;
  /** One turn. `stopping` is aborted when the gateway stops, which waits for the turn: a long one looks at it. */
  work(stopping: AbortSignal): Promise<void>;
}

/** A turn that is over. */
export interface Turn {
  worker: string;
  seconds: number;
  failed: boolean;
}

/** Takes turns: one after the other, never two at once, and one that fails is logged and not the last. */
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

  /** The turn that has to come `atStart`, if there is one. What it can't do now, for a full disk, is done by a later one. */
  async first(): Promise<void> {
    if (this.work.atStart) await this.run();
  }

  /** The first turn comes after a pause. */
  start(): void {
    this.isStarted = true;
    this.pause(this.work.everyMillis);
  }

  /** There is something to do: it isn't left until the pause is over. Nothing where this gateway does no such work. */
  wake(): void {
    if (this.isStarted && !this.stopping.signal.aborted) void this.run();
  }

  /** One turn more, after those that were asked for before; never rejects. */
  run(): Promise<void> {
    this.turns = this.turns
      .then(() => this.turn())
      .catch((error: unknown) => this.logger.error({ err: error }, 'a turn failed'));
    return this.turns;
  }

  /** No further turn; waits for those that were asked for. */
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
