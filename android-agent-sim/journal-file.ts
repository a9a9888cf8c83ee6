import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

interface Waiting {
  line: string;
  sync: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/** An append-only file of JSON lines. Lines that come together share one write and, if one asks for it, one fsync. */
export class JournalFile {
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  private constructor(private readonly handle: FileHandle) {}

  /** The lines that were written before. A last line without an end is a write that was cut off: it doesn't count. */
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

  /** Starts the file again with just these lines, by way of a second file, so that a crash leaves the old one. */
  static async open(path: string, lines: unknown[]): Promise<JournalFile> {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(`${path}.new`, 'w');
    await handle.writeFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await handle.sync();
    await rename(`${path}.new`, path);
    return new JournalFile(handle);
  }

  /** Resolves when the line is with the system, and on the disk with `sync`. */
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
    // Lets everything that is appended in this turn of the loop come along.
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
