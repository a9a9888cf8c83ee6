import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hash,
  hkdfSync,
  randomBytes,
  randomInt,
  timingSafeEqual,
} from 'node:crypto';

/** 256 bits of randomness behind a readable prefix; base64url, so it never has a dot. */
export function newSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** Without 0, O, I and l, which are read wrongly. */
const LETTERS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/**
 * A password that people copy, of 5.8 bits for each letter. It has no sign at which a double click stops, and doesn't begin with a `-`, as
 * base64url may: on a command line that is an option.
 */
export function newPassword(length = 22): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** The stored form of an API key or an agent token: with 256 random bits, one SHA-256 is as good as a slow hash and 50 ms cheaper. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Compares in constant time, so that the duration doesn't reveal where two strings differ. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());
}

/** AES-256-GCM; `key` is base64 of 32 bytes. The text says which key opens it: `v2.<key id>.<iv>.<tag>.<body>`. */
export function encrypt(plain: string, key: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'base64'), iv);
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return ['v2', keyId(key), ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.');
}

/** @throws when none of the keys is the right one, or the text was changed. */
export function decrypt(sealed: string, keys: readonly string[]): string {
  const [version, ...parts] = sealed.split('.');
  // Texts of the first version don't name their key.
  if (version === 'v1') return firstThatOpens(parts, keys);
  const [id, ...rest] = parts;
  const key = keys.find((one) => keyId(one) === id);
  if (version !== 'v2' || !key) throw new Error(`No key opens this secret; it was encrypted with the key ${id}`);
  return open(rest, key);
}

/** A key for one purpose alone; `key` is base64 of 32 bytes. */
export function deriveKey(key: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', purpose, 32));
}

export function signatureOf(text: string, key: Buffer, bytes: number): string {
  return createHmac('sha256', key).update(text).digest().subarray(0, bytes).toString('base64url');
}

/** Tells keys apart and tells nothing of them: a key is random. */
export function keyId(key: string): string {
  return hash('sha256', Buffer.from(key, 'base64'), 'hex').slice(0, 8);
}

/** Whether the key is the one that the text was encrypted with; not known of texts of the first version. */
export function isEncryptedWith(sealed: string, key: string): boolean {
  return sealed.startsWith(`v2.${keyId(key)}.`);
}

function firstThatOpens(parts: readonly string[], keys: readonly string[]): string {
  for (const [i, key] of keys.entries()) {
    try {
      return open(parts, key);
    } catch (error) {
      if (i === keys.length - 1) throw error;
    }
  }
  throw new Error('There is no key');
}

function open([iv, tag, body]: readonly string[], key: string): string {
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64'), Buffer.from(iv ?? '', 'base64url'));
  decipher.setAuthTag(Buffer.from(tag ?? '', 'base64url'));
  return Buffer.concat([decipher.update(Buffer.from(body ?? '', 'base64url')), decipher.final()]).toString('utf8');
}
