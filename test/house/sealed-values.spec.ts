import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => ({ file, room: file.split('/')[0]!, text: readFileSync(SRC + file, 'utf8') }));

const rooms = (shows: (text: string) => boolean) =>
  [...new Set(sources.filter(({ text }) => shows(text)).map(({ room }) => room))].sort();

describe('what is encrypted in the store', () => {
  it('is encrypted by the sealer alone, but for the canary that is read before there is one', () => {
    const callers = sources.filter(({ text }) => /\b(?:encrypt|createCipheriv)\(/.test(text)).map(({ file }) => file);
    expect(callers.sort()).toEqual(['common/sealer.ts', 'common/secrets.ts', 'database/secrets-key.ts']);
  });

  it('is registered by the folder that encrypts it, so that a new key reaches it', () => {
    const sealing = rooms((text) => /\bsealer\.seal\(/.test(text)).filter((room) => room !== 'control');
    expect(sealing.length).toBeGreaterThan(0);
    expect(sealing).toEqual(rooms((text) => /\bsealedValues\.register\(/.test(text)));
  });
});
