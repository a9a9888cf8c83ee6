import { ApiError, invalidField } from '../errors.js';
import { TimeSlice } from '../time-slice.js';

/** Small enough that parsing one piece never blocks the event loop for long. */
const SLICE_BYTES = 8 * 1024;
/** The limit for one line, including a line with line breaks in quotes. */
export const MOST_LINE_BYTES = 64 * 1024;
export const MOST_FILE_BYTES = 128 * 1024 * 1024;
const LINE_FEED = 0x0a;
/** csv-parse removes the byte-order mark, but only from the first line. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The file as text: whole lines, every line break a `\n`. Bytes that aren't UTF-8, a NUL, and a line or file that is too long throw as
 * soon as they are seen; nothing more is read.
 */
export async function* csvText(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const time = new TimeSlice();
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > MOST_FILE_BYTES) throw tooLarge(`The file is larger than ${MOST_FILE_BYTES} bytes. Split it.`);
    for (let start = 0; start < piece.length; start += SLICE_BYTES) {
      const slice = piece.subarray(start, start + SLICE_BYTES);
      const seen = rest.length === 0 ? slice : Buffer.concat([rest, slice]);
      let text = '';
      let read = 0;
      for (let end = seen.indexOf(LINE_FEED) + 1; end > 0; end = seen.indexOf(LINE_FEED, read) + 1) {
        text += toText(seen.subarray(read, end), line++);
        read = end;
      }
      if (text !== '') yield text;
      rest = seen.subarray(read);
      // csv-parse's limit (`max_record_size`) counts only the content of cells, so it never stops a line of commas alone.
      if (rest.length > MOST_LINE_BYTES) throw lineTooLong(line);
      if (time.isOver) await time.next();
    }
  }
  if (rest.length > 0) yield toText(rest, line);
}

/** Uses only line feeds, because csv-parse counts a CRLF in quotes as two lines. */
function toText(bytes: Buffer, line: number): string {
  const mark = line === 1 && bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) throw notUtf8(line, 'The file is UTF-16');
  if (bytes.includes(0)) throw notUtf8(line, 'The line contains the character NUL');
  try {
    return decoder.decode(bytes).replaceAll(/\r\n?/g, '\n');
  } catch {
    throw notUtf8(line, 'The line is not UTF-8');
  }
}

function notUtf8(line: number, what: string): ApiError {
  return invalidField(`lines.${line}`, `${what}. Save the file as UTF-8 (in a spreadsheet: "CSV UTF-8").`, 'not_utf8');
}

export function lineTooLong(line: number): ApiError {
  const message = `is longer than ${MOST_LINE_BYTES} bytes; check for a quote that is not closed`;
  return invalidField(`lines.${line}`, message, 'line_too_long');
}

export function tooLarge(message: string): ApiError {
  return new ApiError(413, 'file_too_large', message);
}
