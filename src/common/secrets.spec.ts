import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decrypt, encrypt, isEncryptedWith, keyId, newPassword } from './secrets.js';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');

/** As gateways wrote it before texts named their key. */
function firstVersion(plain: string, by: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(by, 'base64'), iv);
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return ['v1', ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.');
}

describe('an encrypted secret', () => {
  it('is opened by its own key among others, and names it', () => {
    const sealed = encrypt('mật khẩu', key(1));
    expect(decrypt(sealed, [key(2), key(1)])).toBe('mật khẩu');
    expect([key(1), key(2)].map((one) => isEncryptedWith(sealed, one))).toEqual([true, false]);
    expect(() => decrypt(sealed, [key(2)])).toThrow(`encrypted with the key ${keyId(key(1))}`);
    expect(sealed).not.toContain('mật');
  });

  it('of the first version is opened by whichever key fits', () => {
    const sealed = firstVersion('a secret', key(1));
    expect(decrypt(sealed, [key(2), key(1)])).toBe('a secret');
    expect(() => decrypt(sealed, [key(2), key(3)])).toThrow('authenticate');
    expect(isEncryptedWith(sealed, key(1))).toBe(false);
  });

  it('that was changed is not opened', () => {
    const parts = encrypt('a secret', key(1)).split('.');
    const changed = Buffer.from(parts[4]!, 'base64url');
    changed[0]! ^= 1;
    expect(() => decrypt([...parts.slice(0, 4), changed.toString('base64url')].join('.'), [key(1)])).toThrow(
      'authenticate',
    );
  });
});

describe('a generated password', () => {
  it('has no sign that a command line or a double click takes for something else', () => {
    const made = Array.from({ length: 500 }, () => newPassword());
    for (const password of made) expect(password).toMatch(/^[1-9A-HJ-NP-Za-km-z]{22}$/);
    expect(new Set(made).size).toBe(500);
    expect(new Set(made.join('')).size).toBe(58);
    expect(newPassword(33)).toHaveLength(33);
  });
});
