import { ApiError } from '../errors.js';
import { parseJsonBody, parseToldJson } from './json-body.js';
import { asWritten, isUtf8Encoded, utf8 } from './utf8.js';

export interface BodyKind {
  /** The media types of this kind, without parameters and in lower case. */
  types: readonly string[];
  /** Taken as well, but not told of: what programs call a body of this kind, right or wrong. */
  otherTypes?: readonly string[];
  /** What a body without a media type is taken for. */
  untyped?: string;
  /** Parses a body that was read completely. @throws ApiError */
  parse?(body: Buffer): unknown;
  /** It is taken whatever encoding it is in: who sends it would lose it otherwise. */
  anyEncoding?: true;
  /** The handler reads the body as a stream: it is not kept in memory. */
  streams?: true;
}

/** What a browser, a mail program or a script calls a CSV file. The one of .xlsx, too: the reader tells what to do with such a file. */
export const CSV_TYPES: readonly string[] = [
  'application/csv',
  'application/x-csv',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/octet-stream',
  'text/plain',
  'text/x-csv',
  'text/comma-separated-values',
  'text/tab-separated-values',
];

/** Every kind of body that a route can take. For a new kind, add an entry here and name it in the route's `@Takes`. */
export const BODY_KINDS = {
  json: { types: ['application/json'], parse: parseJsonBody },
  /** What phones tell in our own protocol: one wild value must not keep the others from being taken. */
  told: { types: ['application/json'], parse: parseToldJson },
  /** Providers' callbacks: the handler gets the text as it arrived, because its signature is checked before it is read. */
  form: { types: ['application/x-www-form-urlencoded'], parse: asWritten, anyEncoding: true },
  event: { types: ['application/json', 'application/vnd.api+json'], parse: asWritten, anyEncoding: true },
  /** A form as an object: a name that comes several times is a list. */
  fields: { types: ['application/x-www-form-urlencoded'], parse: asFields },
  /** A form of either kind that nobody reads: that it was sent says everything. */
  unread_form: { types: ['application/x-www-form-urlencoded', 'multipart/form-data'], streams: true },
  upload: {
    types: ['multipart/form-data', 'text/csv'],
    otherTypes: CSV_TYPES,
    untyped: 'text/csv',
    streams: true,
  },
} satisfies Record<string, BodyKind>;

export type BodyKindName = keyof typeof BODY_KINDS;

export function bodyKind(name: BodyKindName): BodyKind {
  return BODY_KINDS[name];
}

/** @throws ApiError 400 */
function asFields(body: Buffer): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  const text = utf8(body);
  if (!isUtf8Encoded(text))
    throw new ApiError(400, 'invalid_encoding', 'The form is not percent-encoded UTF-8: é is %C3%A9 and not %E9.');
  const form = new URLSearchParams(text);
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    if (name === '__proto__' || [name, ...values].some((one) => one.includes('\0')))
      throw new ApiError(400, 'invalid_form', 'The form has a NUL, or a name that no field can have.');
    fields[name] = values.length === 1 ? values[0]! : values;
  }
  return fields;
}
