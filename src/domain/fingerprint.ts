import { hash } from 'node:crypto';
import type { Channel } from './channel.js';

/**
 * Identifies "the same text to the same number at the same time": SHA-256 over all of it, so that the store holds no text twice.
 * `schedule` is the time that lies ahead, if one does: the reminders of 08:00 and of 20:00 are two. So are a text by SMS and one by WhatsApp.
 */
export function fingerprint(to: string, text: string, schedule?: Date, channel: Channel = 'sms'): string {
  const about = `${channel === 'sms' ? '' : `${channel}:`}${to}\0${text}`;
  return hash('sha256', schedule ? `${about}\0${schedule.getTime()}` : about, 'base64url');
}
