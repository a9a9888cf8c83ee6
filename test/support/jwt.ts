import { createHmac } from 'node:crypto';

const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

/** A JWT as somebody else would sign it: by hand, so that wrong ones can be made too. */
export function signJwt(claims: object, secret: string, alg: keyof typeof HASHES | 'none' = 'HS256'): string {
  const body = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  const signature = alg === 'none' ? '' : createHmac(HASHES[alg], secret).update(body).digest('base64url');
  return `${body}.${signature}`;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
