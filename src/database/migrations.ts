import { VERSION } from '../common/version.js';
import { reversedNumber } from '../domain/phone-number.js';
import type { CollectionSpec, Store } from './collection.js';
import { COLLECTIONS } from './indexes.js';
import { markOldMinutes } from './mark-old-minutes.js';
import { refuseHalfMoved } from './transfer/transfer-record.js';
import type { Doc } from './query.js';
import { underSchemaLock, type SchemaDoc } from './schema-lock.js';
import { separateCaps } from './separate-caps.js';

/**
 * A step from one version of the schema to the next. It must be safe to run again after it was interrupted. A step also drops an index
 * that is no longer needed (`Store.dropIndex`), in a release in which no running gateway uses that index.
 */
export interface Migration {
  /** The schema's version after this step; counts up from 1 without gaps. */
  version: number;
  name: string;
  run(store: Store): Promise<void>;
}

/** Every step so far. Version 1 is what a new store starts with. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'the first shape', run: () => Promise.resolve() },
  { version: 2, name: 'numbers from their end, for searches by the last digits', run: reverseNumbers },
  { version: 3, name: 'marks for the reports of the messages there are', run: markOldMinutes },
  { version: 4, name: 'the caps of SIMs in a field that no phone writes', run: separateCaps },
];

/**
 * Migrates the store's indexes and data to the version of this program. One gateway at a time does it; the others wait until it is done.
 * @throws Error when the store has a newer version than this program knows.
 */
export async function prepareStore(
  store: Store,
  collections: readonly CollectionSpec[] = COLLECTIONS,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await refuseHalfMoved(store);
  const newest = migrations.at(-1)!.version;
  const known = await refuseNewer(store, newest);
  // No other process can be migrating, and a start on a full disk must not need a write.
  if (store.kind === 'embedded' && known === newest) return store.applyIndexes(collections);
  await underSchemaLock(store, async (schema, mine) => {
    const { version } = (await schema.findOne({ _id: 'schema' }))!;
    // Another gateway may have migrated while this one waited.
    await refuseNewer(store, newest);
    await store.applyIndexes(collections);
    for (const migration of migrations.filter((step) => step.version > version)) {
      await migration.run(store);
      const { matched } = await schema.updateOne(mine, { $set: { version: migration.version, program: VERSION } });
      if (matched === 0)
        throw new Error(`Another gateway took over the migration "${migration.name}". Start this gateway again.`);
    }
  });
}

/** Returns the version of the data; undefined before the first start. @throws Error when this program doesn't know it */
export async function refuseNewer(
  store: Store,
  newest: number = MIGRATIONS.at(-1)!.version,
): Promise<number | undefined> {
  const schema = await store.collection<SchemaDoc>('app_config').findOne({ _id: 'schema' });
  if (schema && schema.version > newest) throw new Error(tooNew(schema, newest));
  return schema?.version;
}

/** An older program would drop indexes that it doesn't know, and misread what it doesn't expect. */
export function tooNew({ version, program }: Pick<SchemaDoc, 'version' | 'program'>, newest: number): string {
  const writer = program === undefined || program === VERSION ? 'a newer Trunkline' : `Trunkline ${program} or newer`;
  return (
    `The data has schema version ${version}; this program (Trunkline ${VERSION}) knows versions up to ${newest}. ` +
    `Use ${writer}, or restore a backup that was taken before the upgrade.`
  );
}

interface NumberedDoc extends Doc {
  to: string;
  to_reversed: string;
}

async function reverseNumbers(store: Store): Promise<void> {
  const messages = store.collection<NumberedDoc>('sms_messages');
  for await (const page of messages.pages({ to_reversed: null })) {
    await messages.updateEach(
      page.map(({ _id, to }) => ({ filter: { _id }, update: { $set: { to_reversed: reversedNumber(to) } } })),
    );
  }
}
