import type { Way } from '../domain/preference.js';
import type { NotificationDoc } from './notification.js';

export interface Words {
  subject?: string;
  text: string;
}

/** How a notification reads by each of the ways: an SMS has no subject, so its title is its first line. */
export function wordsFor({ title, text }: Pick<NotificationDoc, 'title' | 'text'>, way: Way, orgName: string): Words {
  if (way === 'sms') return { text: title ? `${title}\n${text}` : text };
  if (way === 'email') return { subject: title ?? orgName, text };
  return { ...(title ? { subject: title } : {}), text };
}
