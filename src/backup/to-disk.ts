import { open } from 'node:fs/promises';

/** Syncs a file's bytes, or a folder's entries, to disk, so that they survive a loss of power. */
export async function toDisk(path: string): Promise<void> {
  const handle = await open(path);
  await handle.sync();
  await handle.close();
}
