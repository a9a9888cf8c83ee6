import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection, Store } from './collection.js';
import { reversedNumber } from '../domain/phone-number.js';
import { refuseHalfMoved } from './move/move-record.js';
import { markMinutes } from './mark-minutes.js';
import { DuplicateKeyError, type Doc } from './query.js';

/** A step from one shape of the data to the next. It must be safe to run again after it was cut off in the middle. */
export interface Migration {
  /** The schema's version after it; counts up from 1 without gaps. */
  version: number;
  name: string;
  run(store: Store): Promise<void>;
}

/** Every step so far. Version 1 is what a new store starts with. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'the first shape', run: () => Promise.resolve() },
  { version: 2, name: 'numbers from their end, for searches by the last digits', run: reverseNumbers },
  { version: 3, name: 'marks for the reports of the messages there are', run: markMinutes },
];

interface SchemaDoc {
  _id: 'schema';
  version: number;
  /** Who migrates now, and until when others wait; a gateway that died holds up the next for this long at most. */
  lock?: { holder: string; until: Date };
}

const LOCK_MILLIS = 60_000;
const LOOK_AGAIN_MILLIS = 250;

/**
 * Brings the store to the newest version, one gateway at a time; the others wait until it is there.
 * @throws Error when the store is of a newer version than this program knows.
 */
export async function migrate(store: Store, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  await refuseHalfMoved(store);
  const schema = store.collection<SchemaDoc>('app_config');
  const target = migrations.at(-1)!.version;
  const holder = randomUUID();
  await schema.insertOne({ _id: 'schema', version: 0 }).catch((error: unknown) => {
    if (!(error instanceof DuplicateKeyError)) throw error;
  });
  for (;;) {
    const { version } = (await schema.findOne({ _id: 'schema' }))!;
    if (version > target) {
      throw new Error(
        `The data is of schema version ${version}; this program knows ${target}. Start a newer Trunkline.`,
      );
    }
    if (version === target) return;
    if (await takeLock(schema, holder)) return runFrom(store, schema, holder, migrations);
    await sleep(LOOK_AGAIN_MILLIS);
  }
}

async function takeLock(schema: Collection<SchemaDoc>, holder: string): Promise<boolean> {
  const now = new Date();
  const lock = { holder, until: new Date(now.getTime() + LOCK_MILLIS) };
  const free = await schema.updateOne({ _id: 'schema', lock: null }, { $set: { lock } });
  if (free.matched === 1) return true;
  return (await schema.updateOne({ _id: 'schema', 'lock.until': { $lt: now } }, { $set: { lock } })).matched === 1;
}

async function runFrom(
  store: Store,
  schema: Collection<SchemaDoc>,
  holder: string,
  migrations: readonly Migration[],
): Promise<void> {
  const mine = { _id: 'schema', 'lock.holder': holder } as const;
  const renewal = setInterval(() => {
    void schema.updateOne(mine, { $set: { 'lock.until': new Date(Date.now() + LOCK_MILLIS) } }).catch(() => undefined);
  }, LOCK_MILLIS / 3);
  try {
    // Read under the lock: another gateway may have finished between the first look and the lock.
    const { version } = (await schema.findOne({ _id: 'schema' }))!;
    for (const migration of migrations.filter((step) => step.version > version)) {
      await migration.run(store);
      const { matched } = await schema.updateOne(mine, { $set: { version: migration.version } });
      if (matched === 0) throw new Error(`Another gateway took over the migration "${migration.name}". Start again.`);
    }
  } finally {
    clearInterval(renewal);
    await schema.updateOne(mine, { $unset: { lock: '' } });
  }
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
