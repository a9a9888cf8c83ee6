/** What stands between two cells. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export const NAMED_DELIMITERS = { comma: ',', semicolon: ';', tab: '\t' } as const;
export type DelimiterName = keyof typeof NAMED_DELIMITERS;
export const DELIMITER_NAMES = Object.keys(NAMED_DELIMITERS) as DelimiterName[];
