import { renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Clock } from '../../common/clock.js';
import { loadConfig } from '../../config/load-config.js';
import { readEnvironment } from '../../config/read-environment.js';
import { print } from '../../control/on-folder.js';
import { openEmbeddedStore } from '../../database/embedded/embedded-store.js';
import { inWords } from '../../database/failure-in-words.js';
import { prepareStore } from '../../database/migrations.js';
import { openMongoStore } from '../../database/mongo/mongo-store.js';
import { moveStore, type MovedCollection } from '../../database/transfer/transfer-store.js';
import { requireStoreIn, storeFileIn } from '../../database/store-file.js';
import { fileStamp } from '../../domain/time.js';
import { command, UsageError } from '../command.js';

const USAGE = `npm run migrate-to-mongo [-- --to mongodb://...]

Copies the embedded store in DATA_DIR to the database MONGO_DB of MONGO_URI (or of --to), and compares. Stop the gateway first. Broken
off, it goes on when it is called again.`;
/** The source is never swept: a document that expires during the comparison would be missing from the source alone. */
const NEVER_MILLIS = 2 ** 31 - 1;

command(async (args) => {
  const config = loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() });
  const uri = targetOf(args) ?? config.MONGO_URI;
  if (!uri || !/^mongodb(\+srv)?:\/\/./.test(uri)) throw new UsageError(USAGE);
  const dir = resolve(config.DATA_DIR);
  requireStoreIn(dir);
  const from = await inWords({ dataDir: dir }, () => openEmbeddedStore({ dir, sweepEveryMs: NEVER_MILLIS }));
  let isWhole: boolean;
  try {
    // Migrates the data to the newest schema, as a start of the gateway does.
    await prepareStore(from);
    await from.sweepExpired();
    const to = await inWords({ mongoUri: uri, dataDir: dir }, () => openMongoStore({ uri, db: config.MONGO_DB }));
    try {
      const moved = await moveStore(from, to, { now: new Clock().now(), say: print });
      tableOf(moved).forEach(print);
      isWhole = moved.every(({ isEqual }) => isEqual);
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
  if (!isWhole)
    throw new Error(
      'The source and the target differ. Make sure that no gateway uses the target, then run this command again.',
    );
  const aside = moveAside(storeFileIn(dir));
  print(`Everything is in the database ${config.MONGO_DB}, compared document by document.`);
  print(`The old store is now ${aside}, so that no gateway sends from it by mistake.`);
  print('Set MONGO_URI (and keep JWT_SECRET and SECRETS_KEY, or DATA_DIR where they were generated), then: npm start');
});

function targetOf(args: string[]): string | undefined {
  try {
    return parseArgs({ args, options: { to: { type: 'string' } } }).values.to;
  } catch {
    throw new UsageError(USAGE);
  }
}

function tableOf(moved: readonly MovedCollection[]): string[] {
  const line = (...[name, from, to, isEqual]: string[]) =>
    `  ${name!.padEnd(20)} ${from!.padStart(12)} ${to!.padStart(12)}  ${isEqual}`;
  return [
    line('collection', 'embedded', 'MongoDB', ''),
    ...moved.map(({ name, from, to, isEqual }) =>
      line(name, String(from), String(to), isEqual ? 'equal' : 'NOT EQUAL'),
    ),
  ];
}

function moveAside(file: string): string {
  const aside = `${file}.moved-to-mongo-${fileStamp(new Clock().now())}`;
  renameSync(file, aside);
  return aside;
}
