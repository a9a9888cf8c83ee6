import { resolve } from 'node:path';
import type { Collection, CollectionSpec, Store, StoreFile } from '../collection.js';
import type { Doc, Sort, Where } from '../query.js';
import { EmbeddedCollection } from './embedded-collection.js';
import { WorkerLink } from './worker-link.js';

export interface EmbeddedOptions {
  dir: string;
  /** How often the store looks for expired documents; default a minute. */
  sweepEveryMs?: number;
  /** Called when the store can't continue (a commit failed). Default: prints the error and ends the process. */
  onFatal?: (error: Error) => void;
}

export async function openEmbeddedStore(options: EmbeddedOptions): Promise<EmbeddedStore> {
  const dir = resolve(options.dir);
  const link = await WorkerLink.open(dir, options.onFatal ?? endProcess);
  return new EmbeddedStore(dir, link, options.sweepEveryMs ?? 60_000);
}

export class EmbeddedStore implements Store {
  readonly kind = 'embedded';
  readonly #sweeper: NodeJS.Timeout;
  readonly file: StoreFile = {
    holdStill: async () => void (await this.link.ask('holdStill', '', null)),
    letGo: async () => void (await this.link.ask('letGo', '', null)),
  };

  constructor(
    readonly dir: string,
    private readonly link: WorkerLink,
    sweepEveryMs: number,
  ) {
    // The next turn retries a failed sweep; a broken store calls onFatal.
    this.#sweeper = setInterval(() => void this.sweepExpired().catch(() => undefined), sweepEveryMs);
    this.#sweeper.unref();
  }

  collection<T extends Doc>(name: string): Collection<T> {
    return new EmbeddedCollection<T>(name, this.link);
  }

  async collectionNames(): Promise<string[]> {
    return (await this.link.ask('collectionNames', '', null)) as string[];
  }

  async applyIndexes(specs: readonly CollectionSpec[]): Promise<void> {
    for (const spec of specs) await this.link.ask('applyIndexes', spec.name, spec);
  }

  /** Does nothing: `applyIndexes` has already dropped the indexes that aren't declared. */
  async dropIndex(): Promise<void> {}

  async ping(): Promise<void> {
    await this.link.ask('ping', '', null);
  }

  /** For tests: limits the file to this many pages, or to the pages in use if they are more; 0: no limit. */
  async limitPages(pages: number): Promise<void> {
    await this.link.ask('limitPages', '', { pages: pages || 0xfffffffe });
  }

  /** Deletes what has expired by a TTL index, in small steps that let other operations in between; returns how many. */
  async sweepExpired(now: Date = new Date()): Promise<number> {
    let total = 0;
    for (;;) {
      const deleted = (await this.link.ask('sweepExpired', '', { now: now.getTime() })) as number;
      if (deleted === 0) return total;
      total += deleted;
    }
  }

  /** SQLite's query plan, one line per step, for tests that guard against scans. */
  async explain(collection: string, filter: Where, sort?: Sort): Promise<string[]> {
    return (await this.link.ask('explain', collection, { filter, sort })) as string[];
  }

  /** Finishes the operations that were started before, then releases the folder. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.link.close();
  }
}

function endProcess(error: Error): never {
  process.stderr.write(`The embedded store can't continue, so the process ends: ${error.message}\n`);
  process.exit(70);
}
