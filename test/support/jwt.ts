import { createHmac } from 'node:crypto';

const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

/** A JWT as somebody else would sign it: by hand, so that wrong ones can be made too. */
export function signJwt(claims: object, secret: string, alg: keyof typeof HASHES | 'none' = 'HS256'): string {
  return signParts(JSON.stringify({ alg, typ: 'JWT' }), JSON.stringify(claims), secret, alg);
}

/** The same of head and claims as they are written, which needn't be what JSON.stringify writes. */
export function signParts(head: string, claims: string, secret: string, alg: keyof typeof HASHES | 'none' = 'HS256') {
  const body = `${part(head)}.${part(claims)}`;
  const signature = alg === 'none' ? '' : createHmac(HASHES[alg], secret).update(body).digest('base64url');
  return `${body}.${signature}`;
}

function part(text: string): string {
  return Buffer.from(text).toString('base64url');
}
