import { ConfigError } from '../config/load-config.js';

/** Prints why a program can't start, and ends it. Exit codes: 78 for an invalid configuration, 1 for anything else. */
export function exitWith(error: unknown): never {
  const isConfig = error instanceof ConfigError;
  const message = String((error as Error | undefined)?.message ?? error);
  process.stderr.write(isConfig ? `${message}\n` : `Trunkline could not start: ${message}\n`);
  process.exit(isConfig ? 78 : 1);
}
