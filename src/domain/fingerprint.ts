import { hash } from 'node:crypto';

/**
 * Identifies "the same text to the same number at the same time": SHA-256 over all of it, so that the store holds no text twice.
 * `schedule` is the time that lies ahead, if one does: the reminders of 08:00 and of 20:00 are two.
 */
export function fingerprint(to: string, text: string, schedule?: Date): string {
  return hash('sha256', schedule ? `${to}\0${text}\0${schedule.getTime()}` : `${to}\0${text}`, 'base64url');
}
