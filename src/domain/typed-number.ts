/** What is typed or pasted as a number, without what only looks like a part of it; or what is wrong with it at first sight. */
export type TypedNumber = { text: string } | { problem: string };

const PLAIN = /^(?:\+[1-9]|\d)\d{0,19}$/;
const LONGEST = 32;
const SCHEME = /^(?:tel|sms):(?:\/\/)?/i;

/** Without what nobody sees, such as marks of direction that come along when a contact is copied; other blanks are spaces. */
export function visible(typed: string): string {
  return typed
    .replace(/[\p{Cf}\u2060-\u2069]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** A plus in a query string arrives as a space. */
export function plusOfQuery(typed: string): string {
  return typed.replace(/^ (?=[1-9])/, '+');
}

export function readTyped(typed: string): TypedNumber {
  if (PLAIN.test(typed)) return { text: typed };
  if (typed.length > 4 * LONGEST) return { problem: 'is too long for a phone number' };
  const text = visible(typed)
    // What keeps it text in a spreadsheet.
    .replace(/^="(.*)"$|^['\u2018\u2019]/, '$1')
    .replace(SCHEME, '')
    .replace(/[ ;,]+$/, '')
    .trim()
    // The country in brackets, with its sign: (+84), (0084).
    .replace(/^\( ?(\+|00) ?(\d{1,3}) ?\)/, '$1$2 ')
    .replace(/^\+ ?00/, '+');
  const problem = problemOf(text);
  return problem ? { problem } : { text };
}

/** The first or last digits of a number as somebody types or pastes them, without what separates them; a plus, or 00 for it, stays. */
export function partOfNumber(typed: string): string {
  return visible(typed)
    .replace(SCHEME, '')
    .replace(/[ ().\-/;,]/g, '')
    .replace(/^(?:\+?00)(?=[1-9])/, '+');
}

function problemOf(text: string): string | null {
  if (text === '') return 'is empty; it must be a phone number';
  if (text.length > LONGEST) return 'is too long for a phone number';
  const compact = text.replace(/[ ()-]/g, '');
  if (/^[+\d.,]+e\+?\d+$/i.test(compact))
    return 'was made by a spreadsheet, which has lost its last digits: make the column text and type the number again';
  if (/^\+?\d{6,}[.,]\d{1,2}$/.test(compact))
    return 'is a decimal, as a spreadsheet writes it: make the column text and leave the point out';
  if (/[;,]/.test(text)) return 'must be one phone number, without a comma or semicolon in it';
  return null;
}
