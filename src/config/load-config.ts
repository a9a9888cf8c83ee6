import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { countriesOf, isCallingCode } from '../domain/calling-codes.js';
import { durationSeconds } from '../domain/duration.js';
import { Environment } from './environment.js';
import { FORMS_IN_WORDS } from './forms-in-words.js';
import { carrierProblems } from './carrier-rules.js';
import { isNetwork, readTrustProxy, splitList } from './networks.js';
import { productionProblems } from './production-rules.js';

/** Everything the environment says, checked and typed. Read-only; injected by this class. */
export class Config {
  constructor(values: Environment) {
    Object.assign(this, values);
  }
  get isProduction(): boolean {
    return this.APP_ENV === 'production';
  }
  /** Nobody can open /metrics and /schema. */
  get isClosedToOperators(): boolean {
    return this.isProduction && !this.METRICS_TOKEN && !this.METRICS_ALLOW;
  }
  /** Anybody can open them: only then is anybody sent there. */
  get areOperatorRoutesOpen(): boolean {
    return !this.isProduction && !this.METRICS_TOKEN && !this.METRICS_ALLOW;
  }
  /** PUBLIC_URL without a slash at its end. */
  get publicUrl(): string | null {
    return this.PUBLIC_URL?.replace(/\/+$/, '') ?? null;
  }
  /** The key that encrypts, then those that only open. */
  get secretsKeys(): readonly string[] {
    return [this.SECRETS_KEY!, ...splitList(this.SECRETS_KEY_OLD)];
  }
}
export interface Config extends Readonly<Environment> {}

/** Reports all mistakes at once; the message names variables and rules, never a value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

const ajv = new Ajv({
  coerceTypes: true,
  useDefaults: true,
  allErrors: true,
  removeAdditional: 'all',
  // Checking our own schema against JSON Schema's costs every program 50 ms of its start.
  meta: false,
  validateSchema: false,
});
const validate = ajv.compile<Environment>(Environment);
const properties = Environment.properties as Record<string, { type?: string; enum?: string[] }>;

/** @throws ConfigError */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const values = readVariables(env);
  const problems: string[] = [];
  if (!validate(values)) {
    for (const error of validate.errors ?? []) {
      const name = error.instancePath.slice(1);
      problems.push(`${name} ${describe(error.keyword, error.message, name)}`);
    }
  }
  const config = values as unknown as Environment;
  problems.push(...consistencyProblems(config), ...carrierProblems(config), ...productionProblems(config));
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return new Config(config);
}

function readVariables(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const raw = valueOf(env, name);
    // An empty line in a compose file means "not set", except where empty has a meaning of its own.
    if (raw === undefined || (raw === '' && name !== 'BASE_PATH')) continue;
    values[name] = schema.type === 'boolean' ? readFlag(raw) : name === 'FIREBASE_SERVICE_ACCOUNT' ? orFile(raw) : raw;
  }
  return values;
}

/** The names that the programs had from which this one takes over; a variable's own name comes first. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  TWILIO_ACCOUNT_SID: ['TWIL_ACCOUNT_SID'],
  TWILIO_AUTH_TOKEN: ['TWIL_ACCOUNT_KEY', 'TWILIO_AUTH'],
  MAIL_FROM: ['SENDGRID_FROM_EMAIL'],
};

/** Every name that is read. */
export const VARIABLES: readonly string[] = [...Object.keys(properties), ...Object.values(ALIASES).flat()];

function valueOf(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const aliases = env[name] ? [] : (ALIASES[name] ?? []);
  return aliases.map((alias) => env[alias]).find(Boolean) ?? env[name];
}

/** A text that is no JSON is the path of the file that has it; one that can't be read stays as it is, and is refused as such. */
function orFile(raw: string): string {
  if (raw.trimStart().startsWith('{')) return raw;
  try {
    return readFileSync(raw, 'utf8');
  } catch {
    return raw;
  }
}

function readFlag(raw: string): string {
  const word = raw.trim().toLowerCase();
  return word === '1' ? 'true' : word === '0' ? 'false' : word;
}

function describe(keyword: string, message: string | undefined, name: string): string {
  if (keyword === 'enum') return `must be one of ${(properties[name]?.enum ?? []).join(', ')}`;
  if (keyword === 'type' && properties[name]?.type === 'boolean') return 'must be 1, 0, true or false';
  if (keyword === 'pattern') return FORMS_IN_WORDS[name] ?? 'is not valid';
  return message ?? 'is not valid';
}

function consistencyProblems(config: Environment): string[] {
  const problems: string[] = [];
  if (config.SECRETS_KEY !== undefined && !isKey(config.SECRETS_KEY)) {
    problems.push('SECRETS_KEY must be base64 of 32 bytes (openssl rand -base64 32)');
  }
  if (!splitList(config.SECRETS_KEY_OLD).every(isKey)) {
    problems.push('SECRETS_KEY_OLD must be earlier values of SECRETS_KEY (base64 of 32 bytes), comma separated');
  }
  // bcrypt ignores all bytes after the 72nd.
  if (Buffer.byteLength(config.SEED_ADMIN_PASSWORD ?? '') > 72) {
    problems.push('SEED_ADMIN_PASSWORD must have 72 bytes or less');
  }
  if (readTrustProxy(config.TRUST_PROXY) === null) {
    problems.push('TRUST_PROXY must be false, true, a number of proxies, or addresses and networks such as 10.0.0.0/8');
  }
  if (!splitList(config.METRICS_ALLOW).every(isNetwork)) {
    problems.push('METRICS_ALLOW must be addresses and networks such as 10.0.0.0/8, comma separated');
  }
  if (config.ROLE !== 'all' && config.MONGO_URI === undefined) {
    problems.push('ROLE must be all without MONGO_URI: only one gateway can use the embedded store');
  }
  if ((config.AUTH_USERNAME === undefined) !== (config.AUTH_PASSWORD === undefined)) {
    problems.push('AUTH_USERNAME and AUTH_PASSWORD are set together or not at all');
  }
  const { DEFAULT_COUNTRY_PREFIX: prefix, DEFAULT_COUNTRY: country } = config;
  if (!isCallingCode(prefix)) problems.push('DEFAULT_COUNTRY_PREFIX must be a calling code that exists, such as +84');
  else if (country !== undefined && !countriesOf(prefix).some((one) => one === country))
    problems.push(
      'DEFAULT_COUNTRY must be a country (ISO 3166, such as VN) that has the code of DEFAULT_COUNTRY_PREFIX',
    );
  for (const [name, least] of Object.entries(SHORTEST_TIMERS)) {
    const seconds = durationSeconds(config[name as keyof typeof SHORTEST_TIMERS]);
    if (seconds === null || (seconds > 0 && seconds < least))
      problems.push(`${name} must be minutes or an ISO 8601 duration, ${least / 60} or more, or 0`);
  }
  if (config.FAULT !== undefined && config.APP_ENV !== 'test') problems.push('FAULT is allowed only with APP_ENV=test');
  return problems;
}

/** In seconds. */
const SHORTEST_TIMERS = {
  CONVERSATION_SESSION_TIMEOUT_IN_MINUTES: 60,
  CONVERSATION_SESSION_CLOSED_IN_MINUTES: 600,
} as const;

function isKey(text: string): boolean {
  return Buffer.from(text, 'base64').length === 32;
}
