import { createHash } from 'node:crypto';

/** Identifies "the same text to the same number": SHA-256 over both, so that the store holds no text twice. */
export function fingerprint(to: string, text: string): string {
  return createHash('sha256').update(to).update('\0').update(text).digest('base64url');
}
