import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

interface Waiting {
  line: string;
  sync: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/** An append-only file of JSON lines. Lines that are added together share one write and, if one needs it, one fsync. */
export class JournalFile {
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  private constructor(private readonly handle: FileHandle) {}

  /** The lines that were written before. A last line without a line break was cut off and is ignored. */
  static async read(path: string): Promise<unknown[]> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    const lines = text.split('\n').slice(0, -1);
    return lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as unknown];
      } catch {
        return [];
      }
    });
  }

  /** Rewrites the file with only these lines, through a second file, so that a crash keeps the old one. */
  static async open(path: string, lines: unknown[]): Promise<JournalFile> {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(`${path}.new`, 'w');
    await handle.writeFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await handle.sync();
    await rename(`${path}.new`, path);
    return new JournalFile(handle);
  }

  /** Resolves when the line was passed to the operating system; with `sync`, when it is on the disk. */
  append(line: unknown, sync: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line: `${JSON.stringify(line)}\n`, sync, resolve, reject });
      this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.handle.close();
  }

  async #write(): Promise<void> {
    // Waits until the end of this turn of the event loop, so that all its lines are written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        await this.handle.writeFile(batch.map(({ line }) => line).join(''));
        if (batch.some(({ sync }) => sync)) await this.handle.datasync();
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}
