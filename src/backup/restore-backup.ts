import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { keepGeneratedSecrets } from '../config/generated-secrets.js';
import { unsealBackup } from '../database/backup-copy.js';
import { replaceStore } from '../database/replace-store.js';
import { storeFileIn, type StoreFileContents } from '../database/store-file.js';
import { fileStamp } from '../domain/time.js';
import { toDisk } from './to-disk.js';

export interface Restored extends StoreFileContents {
  /** Where the previous data was moved to. */
  movedTo: string | undefined;
  hasSecrets: boolean;
}

/**
 * Replaces the embedded store in `dataDir` with a backup. Checks the whole backup before it changes anything, and keeps the previous store
 * under another name. No gateway may run on the folder.
 */
export async function restoreBackup(dataDir: string, file: string, now: Date): Promise<Restored> {
  const dir = resolve(dataDir);
  const backup = resolve(file);
  const isPacked = await isGzip(backup);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const draft = `${storeFileIn(dir)}.restoring`;
  const cleanUp = () => [draft, `${draft}-journal`].forEach((left) => rmSync(left, { force: true }));
  cleanUp();
  try {
    await copy(backup, draft, isPacked);
    const { secrets, ...contents } = check(backup, draft);
    await toDisk(draft);
    const suffix = `.before-restore-${fileStamp(now)}`;
    const movedTo = replaceStore(dir, draft, suffix);
    if (secrets !== undefined) keepGeneratedSecrets(dir, secrets, suffix);
    await toDisk(dir);
    return { ...contents, movedTo, hasSecrets: secrets !== undefined };
  } finally {
    cleanUp();
  }
}

/** Decides by the first bytes of the file, not by its name. */
async function isGzip(backup: string): Promise<boolean> {
  const info = await stat(backup).catch(() => undefined);
  if (!info) throw new Error(`There is no file ${backup}.`);
  if (!info.isFile()) throw new Error(`${backup} is not a file. Name a file that "npm run backup" made.`);
  const handle = await open(backup);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    const first = buffer.subarray(0, bytesRead);
    if (first.equals(Buffer.from('SQLite format 3\0'))) return false;
    if (first[0] === 0x1f && first[1] === 0x8b) return true;
    throw new Error(`${backup} is not a backup of Trunkline: it is neither a SQLite database nor gzipped.`);
  } finally {
    await handle.close();
  }
}

async function copy(backup: string, draft: string, isPacked: boolean): Promise<void> {
  const target = createWriteStream(draft, { mode: 0o600 });
  if (!isPacked) return pipeline(createReadStream(backup), target);
  try {
    await pipeline(createReadStream(backup), createGunzip(), target);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw error;
    throw new Error(`${backup} is damaged or was cut off (${message}). Nothing was changed.`, { cause: error });
  }
}

function check(backup: string, draft: string) {
  try {
    return unsealBackup(draft);
  } catch (error) {
    const reason = (error as Error).message.replace(/\.?$/, '.');
    throw new Error(`${backup} can't be restored. ${reason} Nothing was changed.`, { cause: error });
  }
}
