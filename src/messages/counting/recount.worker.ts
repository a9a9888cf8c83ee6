import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { SETTLED_MILLIS } from './changed-minutes.js';
import { MinuteMarksRepository, type MinuteMark } from './minute-marks.repository.js';
import type { Worker } from '../../workers/worker.js';
import { Workers } from '../../workers/workers.js';
import { RecountMarked } from './recount-marked.js';

const EVERY_MILLIS = 2000;
/** Counting takes a third of the time at most, however much is marked; an expensive minute also rests between its counts. */
const REST = 2;
const TURN_MILLIS = 1000;
const MARKS = 500;
/** A minute that is marked all the time never has an old mark. It is counted this often anyway, so that no report lags more than 30 s. */
const UNSETTLED_MILLIS = 10_000;

/** Counts marked minutes in small turns. */
@Injectable()
export class RecountWorker {
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly marks: MinuteMarksRepository,
    private readonly recountMarked: RecountMarked,
    private readonly clock: Clock,
  ) {
    const work = (stopping: AbortSignal) => this.work(stopping);
    this.worker = workers.register({ name: 'reports', everyMillis: EVERY_MILLIS, rest: REST, work });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    const began = performance.now();
    const isEnough = (): boolean => stopping.aborted || performance.now() - began > TURN_MILLIS;
    for (;;) {
      const due = (await this.marks.oldest(MARKS)).filter((mark) => this.isDue(mark));
      const done = await this.recountMarked.workOff(due, isEnough, () => stopping.aborted);
      if (done === 0 || isEnough()) return;
    }
  }

  private isDue(mark: MinuteMark): boolean {
    if (!this.recountMarked.isRestedForWorker(mark._id)) return false;
    const age = this.clock.now().getTime() - mark.marked_at.getTime();
    return age >= SETTLED_MILLIS || this.recountMarked.sinceCounted(mark._id) >= UNSETTLED_MILLIS;
  }
}
