import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Config } from './load-config.js';

export interface Secrets {
  JWT_SECRET: string;
  SECRETS_KEY: string;
}

export function newSecrets(): Secrets {
  return { JWT_SECRET: randomBytes(32).toString('hex'), SECRETS_KEY: randomBytes(32).toString('base64') };
}

/** Values of the environment take precedence. */
export function withSecrets(config: Config, { JWT_SECRET, SECRETS_KEY }: Secrets): Config {
  return new Config({
    ...config,
    JWT_SECRET: config.JWT_SECRET ?? JWT_SECRET,
    SECRETS_KEY: config.SECRETS_KEY ?? SECRETS_KEY,
  });
}

/**
 * In development a missing JWT_SECRET or SECRETS_KEY is generated once and kept in DATA_DIR, so that tokens survive a restart.
 * Production refuses to start before it gets here.
 */
export function withGeneratedSecrets(config: Config): Config {
  if (config.JWT_SECRET && config.SECRETS_KEY) return config;
  const kept = keptSecrets(config.DATA_DIR);
  const secrets = { ...newSecrets(), ...kept };
  if (!kept.JWT_SECRET || !kept.SECRETS_KEY) keepGeneratedSecrets(config.DATA_DIR, JSON.stringify(secrets));
  return withSecrets(config, secrets);
}

const FILE = 'secrets.json';

/** @throws Error without the file's text, which has secrets in it */
export function keptSecrets(dataDir: string): Partial<Secrets> {
  const text = readGeneratedSecrets(dataDir);
  try {
    return JSON.parse(text ?? '{}') as Partial<Secrets>;
  } catch {
    throw new Error(
      `${join(dataDir, FILE)} is damaged. Put the file of a backup in its place: without its SECRETS_KEY, the secrets in the store can't be ` +
        'read. If both values are known, set JWT_SECRET and SECRETS_KEY instead.',
    );
  }
}

/** The file's text; undefined when nothing was generated. */
export function readGeneratedSecrets(dataDir: string): string | undefined {
  const file = join(dataDir, FILE);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Moves the previous file to `aside`. */
export function keepGeneratedSecrets(dataDir: string, text: string, aside?: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, FILE);
  if (aside && existsSync(file)) renameSync(file, `${file}${aside}`);
  writeForGood(dataDir, file, text);
}

/** Writes the file completely or not at all: without its key, encrypted data is lost, and half a file would prevent a start. */
function writeForGood(folder: string, file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, file);
  const names = openSync(folder, 'r');
  fsyncSync(names);
  closeSync(names);
}
