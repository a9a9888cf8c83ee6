/** What spreadsheets write where a formula has no result, in the languages that have words of their own for it. */
// prettier-ignore
const ERRORS = new Set([
  '#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NULL!', '#NUM!', '#SPILL!', '#CALC!', '#GETTING_DATA', '#FIELD!', '#BLOCKED!',
  '#UNKNOWN!', '#CONNECT!', '#BUSY!', '#EXTERNAL!', '#PYTHON!', '#ERROR!',
  '#NV', '#BEZUG!', '#WERT!', '#ZAHL!', '#ÜBERLAUF!', // German
  '#N/D', '#VALEUR!', '#NOM?', '#NOMBRE!', '#NUL!', '#PROPAGATION!', // French
  '#¡REF!', '#¡VALOR!', '#¿NOMBRE?', '#¡DIV/0!', '#¡NULO!', '#¡NUM!', '#¡DESBORDAMIENTO!', '#¡CALC!', // Spanish
  '#VALOR!', '#NOME?', '#NULO!', '#NÚM!', '#DESPEJAR!', '#RIF!', '#VALORE!', '#NULLO!', '#ESPANSIONE!', // Portuguese, Italian
  '#N/B', '#VERW!', '#WAARDE!', '#NAAM?', '#DEEL/0!', '#LEEG!', '#GETAL!', '#OVERLOOP!', // Dutch
  '#Н/Д', '#ССЫЛКА!', '#ЗНАЧ!', '#ИМЯ?', '#ДЕЛ/0!', '#ПУСТО!', '#ЧИСЛО!', '#ПЕРЕНОС!', '#ВЫЧИСЛ!', // Russian
  '#N/D!', '#ADR!', '#ARG!', '#NAZWA?', '#DZIEL/0!', '#ZERO!', '#LICZBA!', // Polish
  '#YOK', '#BAŞV!', '#DEĞER!', '#AD?', '#SAYI/0!', '#BOŞ!', '#SAYI!', // Turkish
  '#I/T', '#VÆRDI!', '#NAVN?', '#VERDI!', '#SAKNAS!', '#VÄRDEFEL!', '#REFERENS!', '#NAMN?', // Danish, Norwegian, Swedish
  '#PUUTTUU!', '#ARVO!', '#VIITTAUS!', '#NIMI?', '#HIÁNYZIK', '#ÉRTÉK!', '#HIV!', '#NÉV?', // Finnish, Hungarian
]);
/** LibreOffice numbers its errors. */
const NUMBERED_ERROR = /^Err:\d{3}$/i;
/** What programs write for a value that they don't have; with one capital, Null is a surname. */
const NOTHING = /^(?:null|nan)$/i;
const SURNAME = 'Null';

/** Why a cell is no value although something is written in it; undefined for every other one. */
export function whyNoValue(cell: string): string | undefined {
  const text = cell.trim();
  if (NUMBERED_ERROR.test(text) || (text.startsWith('#') && ERRORS.has(text.normalize('NFC').toUpperCase())))
    return `is ${text}, which a spreadsheet writes where a formula has no result; correct the cell`;
  if (text !== SURNAME && NOTHING.test(text))
    return `is ${text}, which a program writes where it has no value; correct the cell`;
  return undefined;
}
