import { CsvError, parse } from 'csv-parse';
import { pipeline, Readable } from 'node:stream';
import { invalidField, type ApiError } from '../errors.js';
import { DELIMITERS } from './delimiters.js';
import { withoutGuards } from './formulas.js';
import { lineTooLong, MOST_LINE_BYTES } from './csv-text.js';

/** How spreadsheets name the delimiter of the lines that follow. Saved again, it may have got quotes, or cells of its own. */
const SEPARATOR_LINE = /^"?sep=(\\t|[^"\w])"?[,;|\s]*$/i;

export interface Row {
  /** The line where the row begins, counted from 1 as an editor does. */
  line: number;
  /** Without the apostrophes that an export puts before formulas. */
  cells: string[];
}

/** The rows of a CSV text (RFC 4180) without blank ones. @throws ApiError 400 with the line where quotes don't match. */
export async function* csvRows(text: AsyncIterable<string>, delimiter: string | undefined): AsyncGenerator<Row> {
  const head = await readHead(text, delimiter);
  let end = head.lines;
  const parser = parse({
    delimiter: head.delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_LINE_BYTES,
    // Typed for records without columns, which are arrays.
    on_record: ((cells: string[], { lines }: { lines: number }): Row => {
      end = head.lines + lines;
      return { line: end - lineBreaks(cells), cells: cells.map(withoutGuards) };
    }) as never,
  });
  // `pipeline` passes the reader's errors to the loop, and stops the reader when the loop is left.
  pipeline(Readable.from(head.rest), parser, () => undefined);
  try {
    for await (const row of parser as AsyncIterable<Row>) if (row.cells.some((cell) => cell.trim() !== '')) yield row;
  } catch (error) {
    throw error instanceof CsvError ? toApiError(error, end + 1) : error;
  }
}

function lineBreaks(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
}

interface Head {
  delimiter: string;
  /** How many lines stand before `rest`. */
  lines: number;
  rest: AsyncIterable<string>;
}

/** Reads up to the first line that isn't blank: the header, or a line `sep=;` before it, which isn't a row. */
async function readHead(text: AsyncIterable<string>, wanted: string | undefined): Promise<Head> {
  const iterator = text[Symbol.asyncIterator]();
  let piece = '';
  let lines = 0;
  while (piece === '') {
    const next = await iterator.next();
    if (next.done) break;
    const blank = /^\s*\n/.exec(next.value)?.[0] ?? '';
    lines += blank.split('\n').length - 1;
    piece = next.value.slice(blank.length);
  }
  const first = piece.split('\n', 1)[0]!;
  const said = SEPARATOR_LINE.exec(first)?.[1];
  if (said !== undefined) {
    lines++;
    piece = piece.slice(first.length + 1);
  }
  const delimiter = wanted ?? (said === undefined ? detectDelimiter(first) : readDelimiter(said, lines));
  async function* rest() {
    try {
      if (piece !== '') yield piece;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { delimiter, lines, rest: rest() };
}

function readDelimiter(said: string, line: number): string {
  const delimiter = said === '\\t' ? '\t' : said;
  if ((DELIMITERS as readonly string[]).includes(delimiter)) return delimiter;
  throw invalidField(`lines.${line}`, 'The line sep= must name a comma, a semicolon, a tab or |', 'bad_delimiter');
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
