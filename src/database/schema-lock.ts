import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection, Store } from './collection.js';
import { DuplicateKeyError } from './query.js';

export interface SchemaDoc {
  _id: 'schema';
  version: number;
  /** Of Trunkline, which brought the data to that version. */
  program?: string;
  /** The gateway that prepares the store, and until when others wait; a gateway that died delays the next for at most this time. */
  lock?: { holder: string; process?: string; until: Date };
}

const LOCK_MILLIS = 20_000;
const LOOK_AGAIN_MILLIS = 100;
const THIS_PROCESS = randomUUID();

/**
 * One gateway at a time changes the indexes and the schema: `work` runs while no other gateway has the lock, and gets the condition
 * under which it may still write the schema's document.
 */
export async function underSchemaLock<T>(
  store: Store,
  work: (schema: Collection<SchemaDoc>, mine: { _id: 'schema'; 'lock.holder': string }) => Promise<T>,
): Promise<T> {
  const schema = store.collection<SchemaDoc>('app_config');
  const holder = randomUUID();
  const mine = { _id: 'schema', 'lock.holder': holder } as const;
  await schema.insertOne({ _id: 'schema', version: 0 }).catch((error: unknown) => {
    if (!(error instanceof DuplicateKeyError)) throw error;
  });
  while (!(await takeLock(store, schema, holder))) await sleep(LOOK_AGAIN_MILLIS);
  const renewal = setInterval(() => {
    void schema.updateOne(mine, { $set: { 'lock.until': new Date(Date.now() + LOCK_MILLIS) } }).catch(() => undefined);
  }, LOCK_MILLIS / 4);
  try {
    return await work(schema, mine);
  } finally {
    clearInterval(renewal);
    await schema.updateOne(mine, { $unset: { lock: '' } });
  }
}

async function takeLock(store: Store, schema: Collection<SchemaDoc>, holder: string): Promise<boolean> {
  const now = new Date();
  const lock = { holder, process: THIS_PROCESS, until: new Date(now.getTime() + LOCK_MILLIS) };
  const take = async (free: Parameters<typeof schema.updateOne>[0]) =>
    (await schema.updateOne({ _id: 'schema', ...free }, { $set: { lock } })).matched === 1;
  if ((await take({ lock: null })) || (await take({ 'lock.until': { $lt: now } }))) return true;
  // One process owns the embedded store, so any other process that held the lock is dead.
  return store.kind === 'embedded' && take({ 'lock.process': { $ne: THIS_PROCESS } });
}
