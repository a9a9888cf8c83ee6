import { stringify } from 'csv-stringify/sync';
import { escapeFormulas, FORMULA_SIGN } from '../common/csv/formulas.js';
import type { MessageDoc } from '../messages/message.js';
import { valueOf, type NamedColumn } from './export-columns.js';

/** How the pages of messages are written. */
export interface ExportFormat {
  type: string;
  filename: string;
  begin: string;
  page(messages: readonly MessageDoc[]): string;
}

const BYTE_ORDER_MARK = '\uFEFF';
/** Matches a value that begins like a formula or an apostrophe, may begin a formula inside, or must be quoted. */
const NEEDS_CARE = new RegExp(`^(?:${FORMULA_SIGN}|[\\t\\r'])|["\\r\\n,;|\\t\\v\\f\\x85\\u2028\\u2029]`);

/**
 * RFC 4180. Unless `formulas` are kept, an apostrophe is put before everything that begins like a formula, at the beginning of a value and
 * after each character where some spreadsheet may split it: a spreadsheet then shows it as text, and an import removes the apostrophe.
 */
export function csv(
  columns: readonly NamedColumn[],
  options: { bom: boolean; formulas: 'escape' | 'keep' },
): ExportFormat {
  const isGuarded = options.formulas === 'escape';
  // Without the last one a lone line feed would stay unquoted, since the delimiter is two characters.
  const style = { record_delimiter: 'windows', escape_formulas: isGuarded, quote_record_delimiter: true } as const;
  const free = columns.filter((column) => column.free);
  const plus = isGuarded ? "'" : '';
  return {
    type: 'text/csv; charset=utf-8; header=present',
    filename: 'reports.csv',
    begin: (options.bom ? BYTE_ORDER_MARK : '') + stringify([columns.map(({ name }) => name)], style),
    page(messages) {
      const times = new Times();
      const careful = messages.some((message) =>
        free.some((column) => NEEDS_CARE.test((valueOf(message, column) as string) ?? '')),
      );
      if (careful)
        return stringify(
          messages.map((message) =>
            columns.map((column) => {
              const text = cell(valueOf(message, column), times);
              return column.free && isGuarded ? escapeFormulas(text) : text;
            }),
          ),
          style,
        );
      // These are our own ids, times, words and numbers: only the plus of a phone number needs care, and csv-stringify would take four
      // times as long to find that out.
      let lines = '';
      for (const message of messages) {
        for (let i = 0; i < columns.length; i++) {
          const column = columns[i]!;
          lines += `${i > 0 ? ',' : ''}${column.field === 'to' ? plus : ''}${cell(valueOf(message, column), times)}`;
        }
        lines += '\r\n';
      }
      return lines;
    },
  };
}

/** One JSON object per line. */
export function ndjson(columns: readonly NamedColumn[]): ExportFormat {
  return {
    type: 'application/x-ndjson; charset=utf-8',
    filename: 'reports.ndjson',
    begin: '',
    page: (messages) =>
      messages
        .map((message) => {
          const row = Object.fromEntries(columns.map((column) => [column.name, valueOf(message, column) ?? null]));
          return `${JSON.stringify(row)}\n`;
        })
        .join(''),
  };
}

function cell(value: unknown, times: Times): string {
  if (value === null || value === undefined) return '';
  return value instanceof Date ? times.text(value) : String(value);
}

/** Writing a time costs as much as the rest of a line, and the messages of one request share theirs. */
class Times {
  private readonly known = new Map<number, string>();

  text(time: Date): string {
    const millis = time.getTime();
    let text = this.known.get(millis);
    if (text === undefined) this.known.set(millis, (text = time.toISOString()));
    return text;
  }
}
