import { randomInt } from 'node:crypto';
import { hashSecret } from '../common/secrets.js';
import { later, MINUTE_MILLIS } from '../domain/time.js';

/** A code that an administrator reads out for one phone, as it is stored. */
export interface RotationCode {
  hash: string;
  expires_at: Date;
}

/** Crockford's: no letter that can be taken for a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 3;
const GROUP_LENGTH = 4;
const LIVES_MILLIS = 15 * MINUTE_MILLIS;

/** Sixty bits, as people can read and type them: `K7QM-2XPF-90TD`. */
export function newRotationCode(agentId: string, now: Date): { code: string; stored: RotationCode } {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const code = Array.from({ length: GROUPS }, group).join('-');
  return { code, stored: { hash: hashCode(agentId, code), expires_at: later(now, LIVES_MILLIS) } };
}

/** However it was typed: case, blanks and hyphens don't count. */
export function hashCode(agentId: string, code: string): string {
  return hashSecret(`${agentId} ${code.toUpperCase().replaceAll(/[\s-]/g, '')}`);
}
