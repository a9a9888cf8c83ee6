/** The store can't go on: nobody knows what of the last batch is on the disk, or the file isn't there any more. */
export class FatalStoreError extends Error {
  override name = 'FatalStoreError';
}

/** SQLite's I/O errors and damage; a full disk isn't one, since then nothing of the transaction is done. */
export function refuseBrokenFile(error: unknown): void {
  const { code, message } = error as { code?: string; message: string };
  if (error instanceof FatalStoreError) throw error;
  if (/^SQLITE_(IOERR|CORRUPT|NOTADB)/.test(code ?? ''))
    throw new FatalStoreError(`The store's file failed (${message}).`);
}

export function isDiskFull(error: unknown): boolean {
  return (error as { code?: string }).code === 'SQLITE_FULL';
}
