/** Characters that begin a formula; spreadsheets treat the wide ones in the same way. A pattern. */
export const FORMULA_SIGN = '[=+\\-@\\uFF1D\\uFF0B\\uFF0D\\uFF20]';
/**
 * Where another cell may begin: with the settings of another country a spreadsheet splits at `;`, with the user's choice at a tab or `|`,
 * and then quotes inside a cell don't protect it.
 */
const INNER_FORMULA = new RegExp(`([;,|\\t\\r\\n\\v\\f\\x85\\u2028\\u2029]["']*)(?=${FORMULA_SIGN})`, 'g');

/** An apostrophe before everything inside a value that may begin a formula; csv-stringify's `escape_formulas` does its beginning. */
export function escapeInnerFormulas(text: string): string {
  return text.replaceAll(INNER_FORMULA, "$1'");
}
