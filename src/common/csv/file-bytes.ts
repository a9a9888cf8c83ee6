import { TextDecoder } from 'node:util';
import { ApiError, invalidField } from '../errors.js';

export const MOST_FILE_BYTES = 128 * 1024 * 1024;
/** Files that people take for CSV, by their first bytes. */
const OTHER_FILES: readonly [start: string, name: string][] = [
  ['PK\x03\x04', 'a spreadsheet (.xlsx, .ods) or a ZIP archive'],
  ['\xd0\xcf\x11\xe0', 'a spreadsheet (.xls)'],
  ['%PDF', 'a PDF'],
  ['\x1f\x8b', 'compressed (gzip)'],
];
const HEAD_BYTES = 4;
/** No UTF-8 has it. */
const NO_CHARACTER = Buffer.from([0xff]);
const LOST_CHARACTER = '\ufffd';

/**
 * A text file as UTF-8 without its byte-order mark; UTF-16 is converted when its mark says so. A half character becomes a byte that is
 * none, so that the reader of the lines tells where it is.
 * @throws ApiError 400 for another kind of file, 413 for one that is too large.
 */
export async function* utf8Bytes(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | null | undefined;
  let size = 0;
  for await (const piece of withHead(bytes)) {
    size += piece.length;
    if (size > MOST_FILE_BYTES) throw tooLarge(`The file is larger than ${MOST_FILE_BYTES} bytes. Split it.`);
    if (decoder === undefined) {
      refuseOthers(piece);
      decoder = utf16Decoder(piece);
      if (!decoder) {
        yield withoutMark(piece);
        continue;
      }
    }
    if (decoder) yield* converted(decoder.decode(piece, { stream: true }));
    else yield piece;
  }
  if (decoder) yield* converted(decoder.decode());
}

/** The same bytes; the first piece is long enough to know the file by. */
async function* withHead(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of bytes) {
    if (!head) yield piece;
    else {
      head = Buffer.concat([head, piece]);
      if (head.length < HEAD_BYTES) continue;
      yield head;
      head = undefined;
    }
  }
  if (head && head.length > 0) yield head;
}

function refuseOthers(head: Buffer): void {
  const start = head.toString('latin1', 0, HEAD_BYTES);
  const other = OTHER_FILES.find(([magic]) => start.startsWith(magic));
  if (other)
    throw invalidField(
      'file',
      `is ${other[1]}, not a CSV file. Open it in a spreadsheet, save it as CSV ("CSV UTF-8") and send that file.`,
      'not_csv',
    );
}

function utf16Decoder(head: Buffer): TextDecoder | null {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (mark === 0xfffe) return new TextDecoder('utf-16le');
  return mark === 0xfeff ? new TextDecoder('utf-16be') : null;
}

function withoutMark(head: Buffer): Buffer {
  return head.length >= 3 && head.readUIntBE(0, 3) === 0xefbbbf ? head.subarray(3) : head;
}

function* converted(text: string): Generator<Buffer> {
  const [whole, ...others] = text.split(LOST_CHARACTER);
  if (whole !== '') yield Buffer.from(whole!);
  if (others.length > 0) yield NO_CHARACTER;
}

export function tooLarge(message: string): ApiError {
  return new ApiError(413, 'file_too_large', message);
}
