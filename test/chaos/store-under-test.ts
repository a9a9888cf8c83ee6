import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { openStore } from '../../src/database/open-store.js';
import type { Store } from '../../src/database/collection.js';
import { growOlder } from './grow-older.js';
import { Disk } from './disk.js';

export type StoreKind = 'embedded' | 'mongo';

/** A store of its own for one chaos: a folder, or a database on the server of MONGO_TEST_URI. */
export class StoreUnderTest {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'trunkline-chaos-')));
  private readonly database = `trunkline_chaos_${process.pid}_${Date.now().toString(36)}`;
  private readonly uri: string | undefined;

  private readonly disk: Disk | undefined;

  constructor(
    readonly kind: StoreKind,
    losesPower: boolean,
  ) {
    this.uri = kind === 'mongo' ? process.env['MONGO_TEST_URI'] : undefined;
    if (kind === 'mongo' && !this.uri) throw new Error('MONGO_TEST_URI must name the server for --store mongo');
    if (kind === 'mongo' && losesPower) throw new Error("The power of a server's disk can't be cut from here");
    this.disk = losesPower ? new Disk(this.root, this.dataDir) : undefined;
  }

  get dataDir(): string {
    return join(this.root, 'data');
  }

  /** For the gateway's environment. */
  get env(): Record<string, string> {
    return {
      DATA_DIR: this.dataDir,
      ...this.disk?.env,
      ...(this.uri ? { MONGO_URI: this.uri, MONGO_DB: this.database } : {}),
    };
  }

  /** Opens the rows themselves; no gateway may be running on them. */
  async read<T>(work: (store: Store) => Promise<T>, dataDir = this.dataDir): Promise<T> {
    const store = await openStore({ mongoUri: this.uri, mongoDb: this.database, dataDir });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  /** The folder as it is at this moment, for a process that stands still. */
  copy(): string {
    const copy = join(this.root, 'copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(this.dataDir, copy, { recursive: true });
    return copy;
  }

  /** The process is dead. With it the power may have gone: then there is only what the disk kept. */
  die(): void {
    this.disk?.losePower();
  }

  /** Lets more time pass for what requests have left behind than a gateway beside others waits for them. */
  async pass(): Promise<void> {
    if (this.kind === 'mongo') await this.read(growOlder);
  }

  async drop(): Promise<void> {
    if (this.uri) {
      const client = await MongoClient.connect(this.uri);
      await client.db(this.database).dropDatabase();
      await client.close();
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}
