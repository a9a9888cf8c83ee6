import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Turns } from '../common/turns.js';
import { SETTLED_MILLIS } from '../messages/changed-minutes.js';
import { ReportMarksRepository, type ReportMarkDoc } from '../messages/report-marks.repository.js';
import { MarkWork } from './mark-work.js';

const EVERY_MILLIS = 2000;
/** Counting takes a third of the time at most, however much is marked; one dear minute no more than its own rest allows. */
const REST = 2;
const TURN_MILLIS = 1000;
const MARKS = 500;
/** A minute that is marked again and again is never settled; so often it is counted all the same, so that no report lags by more than 30 s. */
const UNSETTLED_MILLIS = 10_000;

/** Works off marks in small turns. */
@Injectable()
export class ReportsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly turns = new Turns(ReportsWorker, () => this.work(), EVERY_MILLIS, REST);

  constructor(
    private readonly marks: ReportMarksRepository,
    private readonly markWork: MarkWork,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.turns.start();
  }

  run(): Promise<void> {
    return this.turns.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.turns.stop();
  }

  private async work(): Promise<void> {
    const began = performance.now();
    const isEnough = (): boolean => this.turns.isStopping || performance.now() - began > TURN_MILLIS;
    for (;;) {
      const due = (await this.marks.oldest(MARKS)).filter((mark) => this.isDue(mark));
      const done = await this.markWork.workOff(due, isEnough, () => this.turns.isStopping);
      if (done === 0 || isEnough()) return;
    }
  }

  private isDue(mark: ReportMarkDoc): boolean {
    if (!this.markWork.isRestedForWorker(mark._id)) return false;
    const age = this.clock.now().getTime() - mark.marked_at.getTime();
    return age >= SETTLED_MILLIS || this.markWork.sinceCounted(mark._id) >= UNSETTLED_MILLIS;
  }
}
