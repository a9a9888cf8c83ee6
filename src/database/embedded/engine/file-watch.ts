import { statSync } from 'node:fs';
import { FatalStoreError } from './fatal-error.js';

/** Detects that the store's file or its log was removed or replaced: SQLite would go on writing to a file that has no name any more. */
export class FileWatch {
  readonly #seen: readonly [file: string, identity: string | undefined][];

  constructor(file: string) {
    this.#seen = [file, `${file}-wal`].map((path) => [path, identityOf(path)]);
  }

  /** @throws FatalStoreError */
  check(): void {
    for (const [path, identity] of this.#seen)
      if (identityOf(path) !== identity)
        throw new FatalStoreError(
          `${path} was removed or replaced while the gateway ran. The gateway accepts nothing more; put the file back, or restore a backup.`,
        );
  }
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}
