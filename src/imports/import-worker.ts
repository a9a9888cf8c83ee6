import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Turns } from '../common/turns.js';
import { ImportsRepository } from './imports.repository.js';
import { Staging } from './staging.js';
import { Submission } from './submission.js';

const EVERY_MILLIS = 1000;
/** Imports that take turns, a chunk each. */
const AT_ONCE = 20;

/** Sends what was imported, and clears away files that broke off in a crash. */
@Injectable()
export class ImportWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly turns = new Turns(ImportWorker, () => this.work(), EVERY_MILLIS);

  constructor(
    private readonly repository: ImportsRepository,
    private readonly staging: Staging,
    private readonly submission: Submission,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.turns.start();
  }

  /** There is something new: it isn't left until the next second. */
  wake(): void {
    if (!this.turns.isStopping) void this.run();
  }

  /** One turn, until nothing is due. */
  run(): Promise<void> {
    return this.turns.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.turns.stop();
  }

  private async work(): Promise<void> {
    for (;;) {
      const now = this.clock.now();
      const due = await this.repository.due(now, AT_ONCE);
      for (const doc of due) {
        if (this.turns.isStopping) return;
        if (doc.status === 'staging') await this.staging.discard(doc, now);
        else await this.submission.submitNext(doc);
      }
      if (due.length === 0) return;
    }
  }
}
