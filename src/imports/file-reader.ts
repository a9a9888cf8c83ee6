import type { Config } from '../config/load-config.js';
import { ApiError, invalid } from '../common/errors.js';
import { TimeSlice } from '../common/time-slice.js';
import type { Common } from '../requests/preparation.js';
import { findColumns } from './columns.js';
import { csvRows } from '../common/csv/csv-rows.js';
import { NAMED_DELIMITERS } from '../common/csv/delimiters.js';
import { csvText } from '../common/csv/csv-text.js';
import { tooLarge } from '../common/csv/file-bytes.js';
import type { ImportParameters } from './dto/import-parameters.js';
import { readMapping } from './import-parameters.js';
import { isBad, LineReader, type BadLine, type GoodLine } from './line-reader.js';

const MOST_LISTED = 100;
const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(NAMED_DELIMITERS));

/** The part of a file that was read so far. */
export class Tally {
  messages = 0;
  segments = 0;
  bad = 0;
  readonly badLines: BadLine[] = [];

  add(line: GoodLine | BadLine): line is GoodLine {
    if (isBad(line)) {
      this.bad++;
      if (this.badLines.length < MOST_LISTED) this.badLines.push(line);
      return false;
    }
    this.messages++;
    this.segments += line.read.segments;
    return true;
  }

  /** @throws ApiError 400 that lists the bad lines. */
  refuseBad(): void {
    const details = this.badLines.map(({ line, field, message }) => ({
      field: field === '' ? `lines.${line}` : `lines.${line}.${field}`,
      message,
    }));
    if (details.length > 0) throw invalid(details, 'bad_lines');
  }

  get isFull(): boolean {
    return this.badLines.length >= MOST_LISTED;
  }
}

/**
 * Checks every line of a file; holds only a few at a time.
 * @throws ApiError 400 when the file can't be read or has no line, 413 when it has too many. Bad lines are returned, not thrown.
 */
export async function* readFile(
  bytes: AsyncIterable<Buffer>,
  parameters: ImportParameters,
  common: Common,
  config: Config,
): AsyncGenerator<GoodLine | BadLine> {
  const mapping = readMapping(parameters.variables);
  const { delimiter } = parameters;
  const slice = new TimeSlice();
  let reader: LineReader | undefined;
  let lines = 0;
  for await (const row of csvRows(csvText(bytes), NAMES.get(delimiter ?? '') ?? delimiter)) {
    if (!reader) {
      const columns = findColumns(row.cells, common.reader.names, parameters.to_column, mapping);
      reader = new LineReader(columns, common.reader);
      continue;
    }
    if (++lines > config.IMPORT_MAX_LINES)
      throw tooLarge(`The file has more than ${config.IMPORT_MAX_LINES} lines (IMPORT_MAX_LINES). Split it.`);
    yield reader.read(row);
    if (slice.isOver) await slice.next();
  }
  if (!reader)
    throw new ApiError(400, 'empty_file', 'The file is empty. It needs a header line and one line for each message.');
  if (lines === 0)
    throw new ApiError(400, 'empty_file', 'The file has only a header line. It needs one line for each message.');
}
