import { outliveReaders } from '../common/outlive-readers.js';
import { ConfigError } from '../config/load-config.js';

/** A command that was called with wrong arguments. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Runs a program of `package.json`. Exit codes: 2 for a wrong call, 78 for a configuration that can't be used, 1 for any other failure. */
export function command(work: (args: string[]) => Promise<void>): void {
  outliveReaders();
  work(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${String((error as Error | undefined)?.message ?? error)}\n`);
    process.exit(error instanceof UsageError ? 2 : error instanceof ConfigError ? 78 : 1);
  });
}
