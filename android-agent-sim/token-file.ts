import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The agent token of a real phone, which a restart goes on with: the gateway may give a known phone no other. */
export class TokenFile {
  readonly #path: string;

  constructor(device: string, folder: string) {
    this.#path = join(folder, `${encodeURIComponent(device)}.token`);
  }

  async read(): Promise<string | undefined> {
    try {
      return (await readFile(this.#path, 'utf8')).trim() || undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write(token: string): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    await writeFile(this.#path, `${token}\n`, { mode: 0o600 });
    await chmod(this.#path, 0o600);
  }
}
