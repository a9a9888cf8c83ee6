import { CsvError, parse } from 'csv-parse';
import { pipeline, Readable } from 'node:stream';
import { invalidField, type ApiError } from '../errors.js';
import { lineTooLong, MOST_LINE_BYTES } from './csv-text.js';

export const DELIMITERS = [',', ';', '\t', '|'] as const;

export interface Row {
  /** The line where the row begins, counted from 1 as an editor does. */
  line: number;
  cells: string[];
}

/** The rows of a CSV text (RFC 4180) without blank ones. @throws ApiError 400 with the line where quotes don't match. */
export async function* csvRows(text: AsyncIterable<string>, delimiter: string | undefined): AsyncGenerator<Row> {
  const { start, rest } = await firstLine(text);
  let end = 0;
  const parser = parse({
    delimiter: delimiter ?? detectDelimiter(start),
    bom: true,
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_LINE_BYTES,
    // Typed for records without columns, which are arrays.
    on_record: ((cells: string[], { lines }: { lines: number }): Row => {
      end = lines;
      return { line: lines - lineBreaks(cells), cells };
    }) as never,
  });
  // `pipeline` passes the reader's errors to the loop, and stops the reader when the loop is left.
  pipeline(Readable.from(rest), parser, () => undefined);
  try {
    for await (const row of parser as AsyncIterable<Row>) if (row.cells.some((cell) => cell.trim() !== '')) yield row;
  } catch (error) {
    throw error instanceof CsvError ? toApiError(error, end + 1) : error;
  }
}

function lineBreaks(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
}

/** Reads the text up to the end of its first line; the returned text still contains all of it. */
async function firstLine(text: AsyncIterable<string>): Promise<{ start: string; rest: AsyncIterable<string> }> {
  const iterator = text[Symbol.asyncIterator]();
  const first = await iterator.next();
  const start = first.done ? '' : first.value;
  async function* rest() {
    try {
      if (start !== '') yield start;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { start: start.trimStart().split('\n', 1)[0]!, rest: rest() };
}

/** The delimiter that occurs most often in the header, outside quotes. */
function detectDelimiter(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string) => bare.split(delimiter).length;
  return DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best));
}

function toApiError({ code, message }: CsvError, line: number): ApiError {
  if (code === 'CSV_MAX_RECORD_SIZE') return lineTooLong(line);
  const what =
    code === 'CSV_QUOTE_NOT_CLOSED' ? 'A quote is opened in this line and is never closed' : 'The quotes do not match';
  const reason = code === 'CSV_QUOTE_NOT_CLOSED' ? '' : ` (${message.slice(0, 120)})`;
  return invalidField(
    `lines.${line}`,
    `${what}${reason}. To use a quote inside a cell, write it twice and put the cell in quotes.`,
    'bad_quotes',
  );
}
