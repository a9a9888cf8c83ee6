/** Characters that begin a formula; spreadsheets treat the wide ones in the same way. A pattern. */
export const FORMULA_SIGN = '[=+\\-@\\uFF1D\\uFF0B\\uFF0D\\uFF20]';
/**
 * Where another cell may begin: with the settings of another country a spreadsheet splits at `;`, with the user's choice at a tab or `|`,
 * and then quotes inside a cell don't protect it.
 */
const SEPARATOR = '[;,|\\t\\r\\n\\v\\f\\x85\\u2028\\u2029]';
/** Digits that a spreadsheet changes when it takes them for a number: it drops zeros, or writes 8.49E+10. */
const DIGITS = '(?:0\\d{2,}|\\d{12,}|\\d+(?:\\.\\d+)?[eE][+-]?\\d+)';
const GUARDED = `(?:${FORMULA_SIGN}|[\\t\\r\\n]|${DIGITS}$)`;

const DIGITS_ALONE = new RegExp(`^${DIGITS}$`);
const APOSTROPHES = new RegExp(`^'+(?=${GUARDED})`);
const INNER_FORMULA = new RegExp(`(${SEPARATOR}["']*)(?=${FORMULA_SIGN})`, 'g');
const GUARD = new RegExp(`^'(?='*${GUARDED})`);
const INNER_GUARD = new RegExp(`(${SEPARATOR}["']*)'(?=${FORMULA_SIGN})`, 'g');

/**
 * An apostrophe before everything inside a value that may begin a formula, and before apostrophes that stand where ours would, so that
 * `withoutGuards` gives the value back. csv-stringify's `escape_formulas` does the value's own beginning. With `digitsToo`, one before
 * digits alone that a spreadsheet would change.
 */
export function escapeFormulas(text: string, digitsToo = false): string {
  if (digitsToo && DIGITS_ALONE.test(text)) return `'${text}`;
  return text.replace(APOSTROPHES, "'$&").replaceAll(INNER_FORMULA, "$1'");
}

/** A cell as it was before an export put apostrophes into it; others, too, put one before what is to stay text. */
export function withoutGuards(cell: string): string {
  return cell.includes("'") ? cell.replace(GUARD, '').replaceAll(INNER_GUARD, '$1') : cell;
}
