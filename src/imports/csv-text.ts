import { isUtf8 } from 'node:buffer';
import { ApiError, invalidField } from '../common/errors.js';
import { Breather } from '../common/breather.js';

/** So little that parsing it never holds the event loop for long. */
const SLICE_BYTES = 8 * 1024;
/** Of one line, also of one with line breaks in quotes. */
export const MOST_LINE_BYTES = 64 * 1024;
export const MOST_FILE_BYTES = 128 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * The file as text, whole lines at a time, every line break a `\n`. Refused as soon as it is seen, and nothing more is read: what isn't
 * UTF-8, a NUL, a line or a file that is too long. A byte-order mark is dropped.
 */
export async function* csvText(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const breather = new Breather();
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > MOST_FILE_BYTES) throw tooLarge(`The file is larger than ${MOST_FILE_BYTES} bytes. Split it.`);
    for (let start = 0; start < piece.length; start += SLICE_BYTES) {
      const slice = piece.subarray(start, start + SLICE_BYTES);
      const seen = rest.length === 0 ? slice : Buffer.concat([rest, slice]);
      const end = seen.lastIndexOf(LINE_FEED) + 1;
      rest = seen.subarray(end);
      if (line === 1 && size <= SLICE_BYTES) refuseUtf16(seen);
      if (end > 0) {
        yield toText(seen.subarray(0, end), line);
        line += countLines(seen.subarray(0, end));
      }
      if (rest.length > MOST_LINE_BYTES) throw lineTooLong(line);
      if (breather.isDue) await breather.breathe();
    }
  }
  if (rest.length > 0) yield toText(rest, line);
}

function toText(bytes: Buffer, line: number): string {
  if (!isUtf8(bytes) || bytes.includes(0)) throw unreadable(bytes, line);
  const text = bytes.toString('utf8');
  return (line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text).replaceAll(/\r\n?/g, '\n');
}

function refuseUtf16(start: Buffer): void {
  const mark = start.length >= 2 ? start.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) throw notUtf8(1, 'The file is UTF-16');
}

/** Names the first line that isn't text. */
function unreadable(bytes: Buffer, first: number): ApiError {
  let line = first;
  for (let start = 0; ; line++) {
    const found = bytes.indexOf(LINE_FEED, start);
    const one = bytes.subarray(start, found === -1 ? bytes.length : found);
    if (one.includes(0)) return notUtf8(line, 'The line has the character NUL');
    if (!isUtf8(one) || found === -1) return notUtf8(line, 'The line is not UTF-8');
    start = found + 1;
  }
}

function notUtf8(line: number, what: string): ApiError {
  return invalidField(`lines.${line}`, `${what}. Save the file as UTF-8 (in a spreadsheet: "CSV UTF-8").`, 'not_utf8');
}

export function lineTooLong(line: number): ApiError {
  const message = `is longer than ${MOST_LINE_BYTES} bytes; is a quote not closed?`;
  return invalidField(`lines.${line}`, message, 'line_too_long');
}

export function tooLarge(message: string): ApiError {
  return new ApiError(413, 'file_too_large', message);
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}
