import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config/load-config.js';
import { Worker, type Turn, type Work } from './worker.js';

/**
 * All repeated work, started and stopped with the gateway. With `ROLE=api` only work about this process runs here; another gateway on
 * the same database does the rest.
 */
@Injectable()
export class Workers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly all: Worker[] = [];
  private readonly watchers: ((turn: Turn) => void)[] = [];

  constructor(private readonly config: Config) {}

  /** Must be called before the application has started: in a constructor. */
  register(work: Work): Worker {
    if (this.all.some(({ name }) => name === work.name)) throw new Error(`There are two workers named ${work.name}.`);
    const worker = new Worker(work, (turn) => this.watchers.forEach((tell) => tell(turn)));
    this.all.push(worker);
    return worker;
  }

  /** Called after every turn; it never throws. */
  watch(watcher: (turn: Turn) => void): void {
    this.watchers.push(watcher);
  }

  async onApplicationBootstrap(): Promise<void> {
    const own = this.all.filter((worker) => worker.runsAs(this.config.ROLE));
    for (const worker of own) await worker.first();
    for (const worker of own) worker.start();
  }

  /** Runs before anything that a turn needs is closed. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.all.map((worker) => worker.stop()));
  }
}
