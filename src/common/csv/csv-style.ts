import { NAMED_DELIMITERS, type DelimiterName } from './delimiters.js';

export const CSV_PRESETS = ['excel'] as const;

/** What a caller of an export chooses; what is left out follows from the preset. */
export interface CsvChoice {
  preset?: (typeof CSV_PRESETS)[number];
  delimiter?: DelimiterName;
  bom?: boolean;
  formulas?: 'escape' | 'keep';
}

/** How a CSV file is written. */
export interface CsvStyle {
  /** What the file begins with. */
  mark: string;
  delimiter: string;
  /** Puts apostrophes before what a spreadsheet would take for a formula. */
  guardsFormulas: boolean;
  /** The same for digits that it would change. */
  guardsDigits: boolean;
}

const BYTE_ORDER_MARK = '\uFEFF';

export function csvStyle({ preset, delimiter = 'comma', bom, formulas = 'escape' }: CsvChoice): CsvStyle {
  const isForSpreadsheets = preset === 'excel';
  return {
    mark: (bom ?? isForSpreadsheets) ? BYTE_ORDER_MARK : '',
    delimiter: NAMED_DELIMITERS[delimiter],
    guardsFormulas: formulas === 'escape',
    guardsDigits: formulas === 'escape' && isForSpreadsheets,
  };
}

/** The same for csv-stringify. Without the last option a lone line feed would stay unquoted, since the end of a line is two characters. */
export function stringifyOptions({ delimiter, guardsFormulas }: CsvStyle) {
  return {
    delimiter,
    record_delimiter: 'windows',
    escape_formulas: guardsFormulas,
    quote_record_delimiter: true,
  } as const;
}
