import anyAscii from 'any-ascii';
import { isGsm7Character } from './sms-segments.js';

/** How a text's characters are chosen: as they were written, or all of them from the GSM 7 bit alphabet. */
export const TEXT_ENCODINGS = ['auto', 'gsm7'] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];

/**
 * The text in the GSM 7 bit alphabet, always: `Mã của bạn: “Đ1”` is `Ma cua ban: "D1"`, and `é ü ñ à` stay, since the alphabet has
 * them. Emoji are left out, for a `?` or `:smile:` says less than nothing; a character that nobody can transliterate is a `?`.
 */
export function toGsm7(text: string): string {
  if (isGsm7(text)) return text;
  let result = '';
  // Composed first: an `e` with a combining acute is the `é` of the alphabet.
  for (const character of text.normalize('NFC'))
    result += isGsm7Character(character) ? character : replacement(character);
  return result;
}

function isGsm7(text: string): boolean {
  for (const character of text) if (!isGsm7Character(character)) return false;
  return true;
}

/** Control and format characters (joiners, directions), halves of characters, skin tones, and the letters that flags are made of. */
const UNSEEN = /^[\p{Cc}\p{Cf}\p{Cs}\p{Emoji_Modifier}\p{Regional_Indicator}]$/u;
const UNSAID = /^[\p{M}\p{Extended_Pictographic}]$/u;
const EMOJI_NAME = /^:[a-z0-9_+-]+:$/i;

function replacement(character: string): string {
  if (character === '\t') return ' ';
  if (UNSEEN.test(character)) return '';
  const ascii = anyAscii(character);
  if (EMOJI_NAME.test(ascii)) return '';
  // Of printable ASCII, the alphabet lacks the grave accent alone.
  const known = [...ascii.replaceAll('`', "'")].filter(isGsm7Character).join('');
  return known === '' && !UNSAID.test(character) ? '?' : known;
}
