/**
 * JSON whose strings every store can keep: U+FFFD for each NUL, at which stores truncate, and for each half of a character (a lone
 * surrogate). For what phones and their apps send: elsewhere both are refused, but a phone would send a text that it received with one,
 * which anybody can send it, again and again.
 */
export function repairedJson(json: string): string {
  return json.includes('\\u') ? json.replace(ESCAPE, (escape) => (isBroken(escape) ? '\\ufffd' : escape)) : json;
}

const PAIR = String.raw`\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}`;
const HALF = String.raw`\\u[dD][89a-fA-F][\da-fA-F]{2}`;
const ESCAPE = new RegExp(String.raw`${PAIR}|${HALF}|\\u0000|\\[^]`, 'g');

/** A half is six characters long, a pair twelve, another escape two. */
function isBroken({ length }: string): boolean {
  return length === 6;
}

/** Whether a string in the JSON may have a half of a character. The backslash may be one of a text: the parsed string tells. */
export function mayHaveHalf(json: string): boolean {
  return json.includes('\\u') && LONE.test(json);
}
const LONE = new RegExp(
  String.raw`(?<!\\u[dD][89abAB][\da-fA-F]{2})\\u[dD][c-fC-F]|\\u[dD][89abAB][\da-fA-F]{2}(?!\\u[dD][c-fC-F])`,
);

/** Whether a parsed string has a half of a character. */
export function hasHalf(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

/** U+FFFD for each half of a character. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
