import type { ErrorDetail } from '../common/errors.js';
import { isProblem, type ReadMessage, type RecipientReader } from '../requests/recipient-reader.js';
import type { NewMessageDto } from '../requests/dto/new-message.dto.js';
import type { Columns } from './columns.js';
import type { Row } from '../common/csv/csv-rows.js';
import { whyNoValue } from './no-value.js';

const MOST_CELL = 10_000;

export interface BadLine {
  line: number;
  /** `to`, `variables.NAME`, or empty when the problem concerns the whole line. */
  field: string;
  message: string;
}
export interface GoodLine {
  line: number;
  message: NewMessageDto;
  read: ReadMessage;
  /** How many characters the line takes in its chunk. */
  size: number;
}

/** Turns a row into a message of POST /requests and checks it by the rules of that route. */
export class LineReader {
  constructor(
    private readonly columns: Columns,
    private readonly reader: RecipientReader,
  ) {}

  read({ line, cells }: Row): GoodLine | BadLine {
    const { headers, width } = this.columns;
    // Spreadsheets leave out empty cells at the end of a line.
    if (cells.length > headers.length || cells.length < width)
      return bad(line, '', `has ${cells.length} cells, and the header has ${headers.length}`);
    const to = cells[this.columns.to]!.trim();
    if (to === '') return bad(line, 'to', 'has no number');
    const noNumber = whyNoValue(to);
    if (noNumber) return bad(line, 'to', noNumber);
    const variables: Record<string, string> = {};
    let size = to.length + 32;
    for (const { name, column } of this.columns.variables) {
      const cell = cells[column]!;
      if (cell.length > MOST_CELL) return bad(line, `variables.${name}`, `is longer than ${MOST_CELL} characters`);
      const noValue = whyNoValue(cell);
      if (noValue) return bad(line, `variables.${name}`, noValue);
      // A spreadsheet has no difference between an empty value and a missing one, and nobody wants to send a text with a gap in it.
      if (cell.trim() !== '') variables[name] = cell;
      size += name.length + cell.length + 8;
    }
    const message: NewMessageDto = { to, ...(this.columns.variables.length > 0 ? { variables } : {}) };
    const read = this.reader.readOne(message, '');
    return isProblem(read) ? { line, ...inLine(read) } : { line, message, read, size };
  }
}

export function isBad(line: GoodLine | BadLine): line is BadLine {
  return 'field' in line;
}

function bad(line: number, field: string, message: string): BadLine {
  return { line, field, message };
}

function inLine({ field, message }: ErrorDetail): Omit<BadLine, 'line'> {
  return { field: field.replace(/^\./, ''), message };
}
