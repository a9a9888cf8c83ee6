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
  // No other process can be migrating, and a start on a full disk must not need a write.
  if (store.kind === 'embedded' && (await isOf(store, migrations.at(-1)!.version)))
    return store.applyIndexes(collections);
  await underSchemaLock(store, async (schema, mine) => {
    const { version } = (await schema.findOne({ _id: 'schema' }))!;
    const newest = migrations.at(-1)!.version;
    if (version > newest)
      throw new Error(
        `The data has schema version ${version}; this program knows versions up to ${newest}. Start a newer Trunkline.`,
      );
    await store.applyIndexes(collections);
    for (const migration of migrations.filter((step) => step.version > version)) {
      await migration.run(store);
      const { matched } = await schema.updateOne(mine, { $set: { version: migration.version } });
      if (matched === 0)
        throw new Error(`Another gateway took over the migration "${migration.name}". Start this gateway again.`);
    }
  });
}

async function isOf(store: Store, version: number): Promise<boolean> {
  return (await store.collection<SchemaDoc>('app_config').findOne({ _id: 'schema' }))?.version === version;
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
