import { isUtf8 } from 'node:buffer';
import { ApiError } from '../errors.js';

/** @throws ApiError 400 */
export function utf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new ApiError(400, 'invalid_encoding', 'The body is not UTF-8. Send it in UTF-8.');
  return bytes.toString();
}

/**
 * For what providers and apps send, which would be lost: they say or mean UTF-8, and what isn't is read as the encoding that it mostly is.
 */
export function asWritten(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : new TextDecoder('windows-1252').decode(bytes);
}

/** Whether the percent-encoded bytes in a form or a URL are UTF-8: `%C3%A9` is, `%E9` is not. */
export function isUtf8Encoded(text: string): boolean {
  if (!text.includes('%')) return true;
  return (text.match(BYTES) ?? []).every((bytes) => isUtf8(Buffer.from(bytes.replaceAll('%', ''), 'hex')));
}
const BYTES = /(?:%[\da-f]{2})+/gi;
