import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { ImportsRepository } from './imports.repository.js';
import { Staging } from './staging.js';
import { Submission } from './submission.js';

const EVERY_MILLIS = 1000;
/** How many imports are read at once; each submits one chunk in turn. */
const AT_ONCE = 20;

/** Submits imports, and removes uploads that a crash interrupted. */
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

  /** Starts a turn at once when a new import exists, instead of at the next second. */
  wake(): void {
    this.worker.wake();
  }

  /** One turn: runs until no import is due. */
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
