import { hash } from 'node:crypto';

/** Identifies "the same text to the same number": SHA-256 over both, so that the store holds no text twice. */
export function fingerprint(to: string, text: string): string {
  return hash('sha256', `${to}\0${text}`, 'base64url');
}
