import { open } from 'node:fs/promises';

/** Returns when a file's bytes, or a folder's names, would outlive a loss of power. */
export async function toDisk(path: string): Promise<void> {
  const handle = await open(path);
  await handle.sync();
  await handle.close();
}
