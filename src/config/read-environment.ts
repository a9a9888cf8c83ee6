import { existsSync, readFileSync } from 'node:fs';
import { parseEnvFile, type EnvFile } from './env-file.js';
import { ConfigError, VARIABLES } from './load-config.js';
import { nearName } from './near-name.js';

/**
 * The process's environment; a `.env` file in the working folder fills in what isn't set. What in that file looks like a mistake is told on
 * stderr; other variables of the process are not judged, since most of them are none of ours.
 * @throws ConfigError when the file can't be read
 */
export function readEnvironment(): NodeJS.ProcessEnv {
  if (!existsSync('.env')) return process.env;
  const file = parseEnvFile(readBytes());
  for (const warning of warningsOf(file)) process.stderr.write(`Warning: .env, ${warning}\n`);
  for (const [name, value] of Object.entries(file.values)) process.env[name] ??= value;
  return process.env;
}

function readBytes(): Buffer {
  try {
    return readFileSync('.env');
  } catch (error) {
    throw new ConfigError([`.env can't be read: ${(error as Error).message}`]);
  }
}

/** Never with a value. */
export function warningsOf({ places, unread }: Pick<EnvFile, 'places' | 'unread'>): string[] {
  const told = unread.map((line) => ({ line, text: 'is not NAME=value, and is ignored' }));
  for (const [name, { line, isYaml }] of places) {
    const isOurs = VARIABLES.includes(name);
    const near = isOurs ? undefined : nearName(name, VARIABLES);
    if (near) told.push({ line, text: `${name} is not a variable of Trunkline; did you mean ${near}?` });
    if (isOurs && isYaml) told.push({ line, text: `"${name}:" is read as ${name}=; write it so` });
  }
  return told.sort((a, b) => a.line - b.line).map(({ line, text }) => `line ${line}: ${text}`);
}
