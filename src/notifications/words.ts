import type { TextEncoding } from '../domain/gsm7.js';
import type { Way } from '../domain/preference.js';
import { encodedText } from '../domain/sms-text.js';
import type { NotificationDoc, Told } from './notification.js';

export interface Words {
  subject?: string;
  text: string;
}

/** How a text reads by each of the ways: an SMS has no subject, so its title is its first line. An encoding is for SMS alone. */
export function wordsFor({ title, text }: Told, way: Way, orgName: string, encoding: TextEncoding = 'auto'): Words {
  if (way === 'sms') return { text: encodedText(title ? `${title}\n${text}` : text, encoding) };
  if (way === 'email') return { subject: title ?? orgName, text };
  return { ...(title ? { subject: title } : {}), text };
}

/** In somebody's language, in the language without its country (`pt` for `pt-BR`), or as it was written first. */
export function inLanguage({ title, text, translations }: NotificationDoc, language: string | null): Told {
  return languageOf(translations, language) ?? { title, text };
}

export function languageOf<T>(
  translations: Readonly<Record<string, T>> | undefined,
  language: string | null,
): T | undefined {
  if (!translations || !language) return undefined;
  const byTag = new Map(Object.entries(translations).map(([tag, told]) => [tag.toLowerCase(), told]));
  const tag = language.toLowerCase();
  return byTag.get(tag) ?? byTag.get(tag.split('-')[0]!);
}
