import { ConfigError } from '../config/load-config.js';

/** Ends a program that can't start, in plain words. Exit codes: 78 for a configuration that can't be used, 1 for anything else. */
export function exitWith(error: unknown): never {
  const isConfig = error instanceof ConfigError;
  const message = String((error as Error | undefined)?.message ?? error);
  process.stderr.write(isConfig ? `${message}\n` : `Trunkline could not start: ${message}\n`);
  process.exit(isConfig ? 78 : 1);
}
