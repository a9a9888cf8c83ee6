import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const SRC = new URL('../../src/', import.meta.url).pathname;
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => ({ file, text: readFileSync(join(SRC, file), 'utf8') }));

/** `queue.worker.ts` has the role `worker`; a file that is named by what it does has none. */
const roleOf = (file: string): string => basename(file, '.ts').split('.').slice(1).join('.');

/** A file's name has a role exactly when the code shows that role. */
const ROLES: Record<string, (text: string, file: string) => boolean> = {
  module: (text) => /^@Module\(/m.test(text),
  controller: (text) => /^@Controller\(/m.test(text),
  repository: (text) => /@InjectStore\(\)/.test(text),
  authenticator: (text) => /class \w+ implements Authenticator\b/.test(text),
  worker: (text, file) => /\bworkers\.register\(/.test(text) && !file.startsWith('workers/'),
  expirables: (text) => /\bexpirables\.register\(/.test(text),
  service: (text, file) =>
    sources.some((other) => roleOf(other.file) === 'controller' && takes(other.text, text, file)),
};

/** Whether a controller injects this file's class. Classes in `auth` are for all controllers and don't count. */
function takes(controller: string, text: string, file: string): boolean {
  const name = /^export class (\w+)/m.exec(text)?.[1];
  return name !== undefined && !file.startsWith('auth/') && new RegExp(`readonly \\w+: ${name}\\b`).test(controller);
}

describe('the name of a file', () => {
  it.each(Object.keys(ROLES))('says .%s exactly when that is what the file holds', (role) => {
    const holds = ROLES[role]!;
    const wrong = sources.filter(({ file, text }) => (roleOf(file) === role) !== holds(text, file));
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });
});
