import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { ImportsRepository } from './imports.repository.js';
import { Staging } from './staging.js';
import { Submission } from './submission.js';

const EVERY_MILLIS = 1000;
/** Imports that take turns, a chunk each. */
const AT_ONCE = 20;

/** Sends what was imported, and clears away files that broke off in a crash. */
@Injectable()
export class ImportWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ImportWorker.name);
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly repository: ImportsRepository,
    private readonly staging: Staging,
    private readonly submission: Submission,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    const next = (): void => {
      this.timer = setTimeout(() => void this.run().finally(() => this.timer && next()), EVERY_MILLIS);
    };
    next();
  }

  /** There is something new: it isn't left until the next second. */
  wake(): void {
    if (!this.stopping) void this.run();
  }

  /** One turn, until nothing is due; turns never overlap. */
  run(): Promise<void> {
    this.turn = this.turn
      .then(() => this.work())
      .catch((error: unknown) => this.logger.error({ err: error }, 'a turn of the imports failed'));
    return this.turn;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.turn;
  }

  private async work(): Promise<void> {
    for (;;) {
      const now = this.clock.now();
      const due = await this.repository.due(now, AT_ONCE);
      for (const doc of due) {
        if (this.stopping) return;
        if (doc.status === 'staging') await this.staging.discard(doc, now);
        else await this.submission.submitNext(doc);
      }
      if (due.length === 0) return;
    }
  }
}
