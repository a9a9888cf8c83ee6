import { createHmac } from 'node:crypto';

const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

/** A JWT signed elsewhere: built by hand, so that tests can also build wrong ones. */
export function signJwt(claims: object, secret: string, alg: keyof typeof HASHES | 'none' = 'HS256'): string {
  return signParts(JSON.stringify({ alg, typ: 'JWT' }), JSON.stringify(claims), secret, alg);
}

/** The same from header and claims as text, which may differ from what JSON.stringify writes. */
export function signParts(head: string, claims: string, secret: string, alg: keyof typeof HASHES | 'none' = 'HS256') {
  const body = `${part(head)}.${part(claims)}`;
  const signature = alg === 'none' ? '' : createHmac(HASHES[alg], secret).update(body).digest('base64url');
  return `${body}.${signature}`;
}

function part(text: string): string {
  return Buffer.from(text).toString('base64url');
}
