import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { ImportsRepository } from './imports.repository.js';
import { Staging } from './staging.js';
import { Submission } from './submission.js';

const EVERY_MILLIS = 1000;
/** Imports that take turns, a chunk each. */
const AT_ONCE = 20;

/** Sends what was imported, and clears away files that broke off in a crash. */
@Injectable()
export class ImportWorker {
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly repository: ImportsRepository,
    private readonly staging: Staging,
    private readonly submission: Submission,
    private readonly clock: Clock,
  ) {
    const work = (stopping: AbortSignal) => this.work(stopping);
    this.worker = workers.register({ name: 'imports', everyMillis: EVERY_MILLIS, work });
  }

  /** There is something new: it isn't left until the next second. */
  wake(): void {
    this.worker.wake();
  }

  /** One turn, until nothing is due. */
  run(): Promise<void> {
    return this.worker.run();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    for (;;) {
      const now = this.clock.now();
      const due = await this.repository.due(now, AT_ONCE);
      for (const doc of due) {
        if (stopping.aborted) return;
        if (doc.status === 'staging') await this.staging.discard(doc, now);
        else await this.submission.submitNext(doc);
      }
      if (due.length === 0) return;
    }
  }
}
