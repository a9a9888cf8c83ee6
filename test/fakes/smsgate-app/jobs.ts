import type { Life } from './life.js';

const AT_ONCE = 3;

/**
 * Jobs that Android keeps until they are done, also when the app dies. Each is tried until it succeeds, whatever becomes of the others,
 * and nobody knows their order.
 */
export class Jobs<T extends object> {
  private running = new Set<T>();
  private workers = 0;
  private life: Life | undefined;

  constructor(
    private readonly waiting: T[],
    private readonly attempt: (job: T, signal: AbortSignal) => Promise<boolean>,
    private readonly random: () => number,
    private readonly pauseMillis: number,
  ) {}

  get left(): number {
    return this.waiting.length;
  }

  add(job: T, life: Life): void {
    this.waiting.push(job);
    this.wake(life);
  }

  /** A new life of the app begins with what the one before has left. */
  wake(life: Life): void {
    if (this.life !== life) {
      this.life = life;
      this.running = new Set();
      this.workers = 0;
    }
    while (!life.isOver && this.workers < AT_ONCE && this.free().length > 0) {
      this.workers++;
      life.begin(() => this.work(life));
    }
  }

  private async work(life: Life): Promise<void> {
    for (let free = this.free(); free.length > 0 && !life.isOver; free = this.free()) {
      const job = free[Math.floor(this.random() * free.length)]!;
      this.running.add(job);
      await life.untilDone(() => this.attempt(job, life.signal), this.pauseMillis);
      if (life.isOver) return;
      this.running.delete(job);
      this.waiting.splice(this.waiting.indexOf(job), 1);
    }
    if (this.life === life) this.workers--;
  }

  private free(): T[] {
    return this.waiting.filter((job) => !this.running.has(job));
  }
}
