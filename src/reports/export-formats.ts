import { stringify } from 'csv-stringify/sync';
import { stringifyOptions, type CsvStyle } from '../common/csv/csv-style.js';
import { escapeFormulas, FORMULA_SIGN } from '../common/csv/formulas.js';
import { ZonedTimes } from '../common/zoned-times.js';
import type { Zone } from '../domain/time.js';
import type { MessageDoc } from '../messages/message.js';
import { valueOf, type NamedColumn } from './export-columns.js';

/** How the pages of messages are written. */
export interface ExportFormat {
  type: string;
  filename: string;
  begin: string;
  page(messages: readonly MessageDoc[]): string;
}

/** Matches a value that begins like a formula or an apostrophe, may begin a formula inside, or must be quoted. */
const NEEDS_CARE = new RegExp(`^(?:${FORMULA_SIGN}|[\\t\\r'])|["\\r\\n,;|\\t\\v\\f\\x85\\u2028\\u2029]`);
const BEGINS_WITH_DIGIT = /^\d/;

/**
 * RFC 4180. Unless `formulas` are kept, an apostrophe is put before everything that begins like a formula, at the beginning of a value and
 * after each character where some spreadsheet may split it: a spreadsheet then shows it as text, and an import removes the apostrophe.
 */
export function csv(columns: readonly NamedColumn[], style: CsvStyle, zone: Zone): ExportFormat {
  const { delimiter, guardsFormulas, guardsDigits } = style;
  const options = stringifyOptions(style);
  const free = columns.filter((column) => column.free);
  const needsCare = (text: string) => NEEDS_CARE.test(text) || (guardsDigits && BEGINS_WITH_DIGIT.test(text));
  return {
    type: 'text/csv; charset=utf-8; header=present',
    filename: 'reports.csv',
    begin: style.mark + stringify([columns.map(({ name }) => name)], options),
    page(messages) {
      const times = new ZonedTimes(zone);
      const careful = messages.some((message) =>
        free.some((column) => needsCare((valueOf(message, column) as string) ?? '')),
      );
      if (careful)
        return stringify(
          messages.map((message) =>
            columns.map((column) => {
              const text = cell(valueOf(message, column), times);
              return column.free && guardsFormulas ? escapeFormulas(text, guardsDigits) : text;
            }),
          ),
          options,
        );
      // These are our own ids, times, words and numbers: only the plus of a phone number needs care, and csv-stringify would take four
      // times as long to find that out.
      let lines = '';
      for (const message of messages) {
        for (let i = 0; i < columns.length; i++) {
          const text = cell(valueOf(message, columns[i]!), times);
          lines += `${i > 0 ? delimiter : ''}${guardsFormulas && text.startsWith('+') ? "'" : ''}${text}`;
        }
        lines += '\r\n';
      }
      return lines;
    },
  };
}

/** One JSON object per line. */
export function ndjson(columns: readonly NamedColumn[], zone: Zone): ExportFormat {
  return {
    type: 'application/x-ndjson; charset=utf-8',
    filename: 'reports.ndjson',
    begin: '',
    page(messages) {
      const times = new ZonedTimes(zone);
      const shown = (value: unknown) => (value instanceof Date ? times.text(value) : (value ?? null));
      return messages
        .map((message) => {
          const row = Object.fromEntries(columns.map((column) => [column.name, shown(valueOf(message, column))]));
          return `${JSON.stringify(row)}\n`;
        })
        .join('');
    },
  };
}

function cell(value: unknown, times: ZonedTimes): string {
  if (value === null || value === undefined) return '';
  return value instanceof Date ? times.text(value) : String(value);
}
