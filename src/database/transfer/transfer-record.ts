import { randomUUID } from 'node:crypto';
import type { Collection, Store } from '../collection.js';
import type { Doc } from '../query.js';

/** In the source: the id of the move. */
const OUT = 'moving_out';
/** In the target: the same id, and the progress of the move. */
const IN = 'moving_in';
const RECORDS: readonly string[] = [OUT, IN];

interface MoveDoc extends Doc {
  run: string;
  /** The last id that was copied, by collection. */
  positions?: Record<string, string>;
  finished_at?: Date;
}

function configOf(store: Store): Collection<MoveDoc> {
  return store.collection<MoveDoc>('app_config');
}

/** The move's own collections are not copied. */
export function isMoved(collection: string, { _id }: Doc): boolean {
  return collection !== 'app_config' || !RECORDS.includes(_id);
}

/** @throws Error when data is still being moved into this store. */
export async function refuseHalfMoved(store: Store): Promise<void> {
  const record = await configOf(store).findOne({ _id: IN });
  if (record && !record.finished_at)
    throw new Error(
      'A move of data into this database is not finished. ' +
        'Finish with "npm run migrate-to-mongo", or set MONGO_DB to another database.',
    );
}

/** The progress of a move, stored in the target, so that an interrupted move can continue. */
export class MoveProgress {
  private constructor(
    private readonly config: Collection<MoveDoc>,
    readonly isResumed: boolean,
    private readonly positions: Readonly<Record<string, string>>,
  ) {}

  /** @throws Error when the target holds anything other than an unfinished move of the same store. */
  static async begin(from: Store, to: Store): Promise<MoveProgress> {
    const run = await runOf(from);
    const config = configOf(to);
    const record = await config.findOne({ _id: IN });
    if (!record) {
      await refuseData(to);
      await config.insertOne({ _id: IN, run, positions: {} });
      return new MoveProgress(config, false, {});
    }
    if (record.finished_at) {
      const of = record.run === run ? 'of this folder ' : '';
      throw new Error(
        `A move ${of}to this database was finished at ${record.finished_at.toISOString()}: ` +
          'start the gateway with MONGO_URI. To move data once more, name an empty database with MONGO_DB.',
      );
    }
    if (record.run !== run)
      throw new Error(
        'The database holds an unfinished move of another folder. Finish that one, or name an empty database with MONGO_DB.',
      );
    return new MoveProgress(config, true, record.positions ?? {});
  }

  positionIn(collection: string): string | undefined {
    return this.positions[collection];
  }

  async reached(collection: string, position: string): Promise<void> {
    await this.config.updateOne({ _id: IN }, { $set: { [`positions.${collection}`]: position } });
  }

  async finish(now: Date): Promise<void> {
    await this.config.updateOne({ _id: IN }, { $set: { finished_at: now }, $unset: { positions: '' } });
  }
}

async function runOf(from: Store): Promise<string> {
  const config = configOf(from);
  const known = await config.findOne({ _id: OUT });
  if (known) return known.run;
  const run = randomUUID();
  await config.insertOne({ _id: OUT, run });
  return run;
}

async function refuseData(to: Store): Promise<void> {
  const used: string[] = [];
  for (const name of await to.collectionNames())
    if ((await to.collection(name).count({}, { limit: 1 })) > 0) used.push(name);
  if (used.length > 0)
    throw new Error(
      `The database already holds data (${used.sort().join(', ')}). Name an empty one with MONGO_DB; nothing was changed.`,
    );
}
