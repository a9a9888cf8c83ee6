import { SUBJECT } from '../auth/principal.js';
import { unauthenticated } from '../common/errors.js';
import type { Claims } from './jwt.strategy.js';

/** How far the clock of who signed may be off. The end of a token is its end. */
const LEEWAY_SECONDS = 60;

/** `crit` names what a reader has to understand (RFC 7515, 4.1.11), and we understand nothing beyond the standard. @throws ApiError 401 */
export function checkHead(token: string): void {
  const head = JSON.parse(Buffer.from(token.split('.', 1)[0]!, 'base64url').toString()) as Record<string, unknown>;
  if ('crit' in head) throw unauthenticated('The token asks for extensions that are not known here (crit).');
}

/** @throws ApiError 401 */
export function checkLife({ exp, nbf }: Claims, now: number): void {
  if (!isTime(exp)) throw unauthenticated('The token must have an expiry (exp), a number of seconds.');
  if (exp <= now) throw unauthenticated('The token has expired. Log in again (POST /auth/login).');
  if (nbf === undefined) return;
  if (!isTime(nbf)) throw unauthenticated('The beginning of the token (nbf) must be a number of seconds.');
  if (nbf > now + LEEWAY_SECONDS) throw unauthenticated('The token is not valid yet (nbf).');
}

/** Of a token that was signed elsewhere: claims of the right kind, whether they are asked for or not. @throws ApiError 401 */
export function checkForeign({ iat, iss, aud }: Claims, now: number): void {
  if (iat !== undefined && !isTime(iat))
    throw unauthenticated('The time of signing (iat) must be a number of seconds.');
  if (iat !== undefined && iat > now + LEEWAY_SECONDS)
    throw unauthenticated('The token was signed in the future (iat). Set the clocks right.');
  if (iss !== undefined && typeof iss !== 'string')
    throw unauthenticated('The issuer of the token (iss) must be a text.');
  if (aud !== undefined && !audiences(aud).every((one) => typeof one === 'string'))
    throw unauthenticated('The audience of the token (aud) must be a text or a list of texts.');
}

export function audiences(aud: unknown): readonly unknown[] {
  return Array.isArray(aud) ? aud : [aud];
}

/** @throws ApiError 401 */
export function readSubject(sub: unknown): string {
  if (typeof sub !== 'string' || sub === '') throw unauthenticated('The token must name its user (sub).');
  if (!SUBJECT.test(sub))
    throw unauthenticated(
      'The user of the token (sub) must be a text of 255 characters at most that is no id of a key or a phone.',
    );
  return sub;
}

/** JSON can write a number that is infinite (1e999), and no end is not an end. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
