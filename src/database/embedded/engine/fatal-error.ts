/** The store can't continue: it is unknown which writes of the last batch are on the disk, or the file no longer exists. */
export class FatalStoreError extends Error {
  override name = 'FatalStoreError';
}

/** SQLite's errors of I/O and of a damaged file. A full disk is not among them, since then the transaction is rolled back. */
export function refuseBrokenFile(error: unknown): void {
  const { code, message } = error as { code?: string; message: string };
  if (error instanceof FatalStoreError) throw error;
  if (/^SQLITE_(IOERR|CORRUPT|NOTADB)/.test(code ?? ''))
    throw new FatalStoreError(`The store's file failed (${message}).`);
}

export function isDiskFull(error: unknown): boolean {
  return (error as { code?: string }).code === 'SQLITE_FULL';
}
