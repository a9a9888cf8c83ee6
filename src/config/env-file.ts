import { ConfigError } from './load-config.js';

export interface EnvFile {
  values: Record<string, string>;
  /** By the variable's name: the line that it is on, and whether it is written as in YAML. */
  places: Map<string, { line: number; isYaml: boolean }>;
  /** Lines that say nothing, by number. */
  unread: number[];
}

const BLANK = /(?:[^\S\n]*(?:#.*)?\n)+/y;
const NAME = /[^\S\n]*(?:export[^\S\n]+)?([\w.-]+)[^\S\n]*([=:])/y;
const QUOTED = /[^\S\n]*(["'])((?:\\[^]|(?!\1)[^\\])*)\1/y;
const LINE = /.*\n?/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Reads a file by the rules of Docker Compose (https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/), so
 * that a value is the same with and without it: `#` begins a comment only after a space, quotes protect it, and `NAME: value` is a variable.
 * One rule is left out: nothing is put in the place of `$NAME`.
 * @throws ConfigError that names lines and variables, never a value.
 */
export function parseEnvFile(bytes: Buffer): EnvFile {
  const text = `${decode(bytes).replace(/\r\n?/g, '\n')}\n`;
  const file: EnvFile = { values: {}, places: new Map(), unread: [] };
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  for (take(BLANK); at < text.length; take(BLANK)) {
    const line = text.slice(0, at).split('\n').length;
    const [, name, separator] = take(NAME) ?? [];
    const quoted = name === undefined ? null : take(QUOTED);
    if (name !== undefined && !quoted && /^[^\S\n]*["']/.test(text.slice(at)))
      throw new ConfigError([`.env, line ${line}: the quote at the beginning of ${name} is not closed`]);
    const rest = take(LINE)![0];
    if (name !== undefined) {
      file.values[name] = quoted ? unescape(quoted[2]!, quoted[1]!) : rest.replace(/\s#.*/, '').trim();
      file.places.set(name, { line, isYaml: separator === ':' });
    }
    if (name === undefined || (quoted && !/^\s*(#.*)?$/.test(rest))) file.unread.push(line);
  }
  return file;
}

/** In double quotes the escapes of a shell; in single quotes only the quote is escaped. */
function unescape(text: string, quote: string): string {
  if (quote === "'") return text.replaceAll("\\'", "'");
  return text.replace(/\\([nrt"\\$])/g, (_all, one: string) => ESCAPES[one] ?? one);
}

/** Editors of Windows write UTF-16, or UTF-8 with a byte-order mark. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Told below.
  }
  throw new ConfigError(['.env is not UTF-8, nor UTF-16 with a byte-order mark: save it as UTF-8']);
}
