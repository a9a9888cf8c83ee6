import { createReadStream, createWriteStream, existsSync, rmSync } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Config } from '../config/load-config.js';
import { readGeneratedSecrets } from '../config/generated-secrets.js';
import { sealBackup } from '../database/backup-copy.js';
import { requireStoreIn, storeFileIn, type StoreFileContents } from '../database/store-file.js';
import { toDisk } from './to-disk.js';
import { holdFolder, type Hold } from './hold.js';

export interface Backup extends StoreFileContents {
  path: string;
  heldBy: Hold['by'];
  /** Size of the finished file. */
  bytes: number;
  hasSecrets: boolean;
}

/**
 * Copies the embedded store to a new file; gzipped when its name ends with `.gz`. Others can read and write during the copy. The file
 * gets its final name only after it is complete, checked and synced to disk.
 */
export async function takeBackup(config: Config, file: string): Promise<Backup> {
  const path = resolve(file);
  await requireNewFile(path);
  requireStoreIn(resolve(config.DATA_DIR));
  const part = `${path}.part-${process.pid}`;
  const packed = `${part}.gz`;
  const cleanUp = () => [part, `${part}-journal`, packed].forEach((left) => rmSync(left, { force: true }));
  process.once('exit', cleanUp);
  try {
    const heldBy = await copyHeld(config, part);
    const secrets = readGeneratedSecrets(config.DATA_DIR);
    const contents = sealBackup(part, secrets);
    const isPacked = path.endsWith('.gz');
    if (isPacked) await pipeline(createReadStream(part), createGzip(), createWriteStream(packed, { mode: 0o600 }));
    const finished = isPacked ? packed : part;
    await toDisk(finished);
    await rename(finished, path);
    await toDisk(dirname(path));
    return { ...contents, path, heldBy, bytes: (await stat(path)).size, hasSecrets: secrets !== undefined };
  } finally {
    cleanUp();
    process.removeListener('exit', cleanUp);
  }
}

async function requireNewFile(path: string): Promise<void> {
  if (existsSync(path))
    throw new Error(`${path} already exists. Give another file name, or move that file away first.`);
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (!folder?.isDirectory()) throw new Error(`The folder ${dirname(path)} does not exist. Create it first.`);
}

async function copyHeld(config: Config, part: string): Promise<Hold['by']> {
  const hold = await holdFolder(config);
  let source: FileHandle | undefined;
  try {
    source = await open(storeFileIn(config.DATA_DIR));
    const bytes = source.createReadStream({ autoClose: false, start: 0, highWaterMark: 1 << 20 });
    await pipeline(bytes, createWriteStream(part, { mode: 0o600, flags: 'wx' }));
    await hold.release();
  } catch (error) {
    await hold.release().catch(() => undefined);
    throw error;
  } finally {
    // Close it only after the release: closing it would drop the locks of a store that this process has opened.
    await source?.close();
  }
  return hold.by;
}
