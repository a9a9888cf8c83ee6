import { isUtf8 } from 'node:buffer';
import { invalidField, type ApiError } from '../errors.js';
import { TimeSlice } from '../time-slice.js';
import { utf8Bytes } from './file-bytes.js';

/** Small enough that parsing one piece never blocks the event loop for long. */
const SLICE_BYTES = 8 * 1024;
/** The limit for one line, including a line with line breaks in quotes. */
export const MOST_LINE_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The file as text: whole lines, every line break (CR, LF or both) a `\n`, because csv-parse counts a CRLF in quotes as two lines. Bytes
 * that aren't UTF-8, a NUL, and a line or file that is too long throw as soon as they are seen; nothing more is read.
 */
export async function* csvText(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const time = new TimeSlice();
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  for await (const piece of utf8Bytes(bytes)) {
    for (let start = 0; start < piece.length; start += SLICE_BYTES) {
      const slice = piece.subarray(start, start + SLICE_BYTES);
      const seen = rest.length === 0 ? slice : Buffer.concat([rest, slice]);
      let text = '';
      let read = 0;
      for (let next = lineEnd(seen, 0); next; next = lineEnd(seen, read)) {
        text += `${toText(seen.subarray(read, next.end), line++)}\n`;
        read = next.following;
      }
      if (text !== '') yield text;
      rest = seen.subarray(read);
      // csv-parse's limit (`max_record_size`) counts only the content of cells, so it never stops a line of commas alone.
      if (rest.length > MOST_LINE_BYTES) throw lineTooLong(line);
      if (time.isOver) await time.next();
    }
  }
  if (rest.length > 0) yield toText(rest.at(-1) === CARRIAGE_RETURN ? rest.subarray(0, -1) : rest, line);
}

/** Where the line ends and the next one begins; undefined when what was seen doesn't tell, as a line feed may follow a last CR. */
function lineEnd(seen: Buffer, from: number): { end: number; following: number } | undefined {
  for (let i = from; i < seen.length; i++) {
    if (seen[i] === LINE_FEED) return { end: i, following: i + 1 };
    if (seen[i] === CARRIAGE_RETURN) {
      if (i + 1 === seen.length) return undefined;
      return { end: i, following: seen[i + 1] === LINE_FEED ? i + 2 : i + 1 };
    }
  }
  return undefined;
}

function toText(bytes: Buffer, line: number): string {
  const nul = bytes.indexOf(0);
  if (nul >= 0)
    throw notUtf8(line, columnOf(bytes, nul), 'has the character NUL, as UTF-16 without a byte-order mark does');
  try {
    return decoder.decode(bytes);
  } catch {
    throw notUtf8(line, columnOf(bytes), 'is no character of UTF-8');
  }
}

/** The place, counted in characters from 1, of the first one that isn't UTF-8, or of what stands at `end`. */
function columnOf(bytes: Buffer, end = bytes.length): number {
  let column = 1;
  for (let at = 0; at < end; column++) {
    const lead = bytes[at]!;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (!isUtf8(bytes.subarray(at, at + length))) break;
    at += length;
  }
  return column;
}

function notUtf8(line: number, column: number, what: string): ApiError {
  const message = `Column ${column} ${what}. Save the file as UTF-8 (in a spreadsheet: "CSV UTF-8").`;
  return invalidField(`lines.${line}`, message, 'not_utf8');
}

export function lineTooLong(line: number): ApiError {
  const message = `is longer than ${MOST_LINE_BYTES} bytes; check for a quote that is not closed`;
  return invalidField(`lines.${line}`, message, 'line_too_long');
}
