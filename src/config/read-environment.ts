import { existsSync } from 'node:fs';

/** The process's environment; a `.env` file in the working folder fills in what isn't set. */
export function readEnvironment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}
