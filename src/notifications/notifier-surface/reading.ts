import { WordedError } from '../../common/http/source-errors.js';

/** A field's value, or what is wrong with it, in the words of the framework that the source system was made with. */
export type Read<T> = { value: T } | { problem: string };
type Reader<T> = (value: unknown) => Read<T>;

/** @throws WordedError 400 for what is no object. */
export function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined || body === null) return {};
  if (typeof body === 'object' && !Array.isArray(body)) return body as Record<string, unknown>;
  const type = Array.isArray(body) ? 'list' : (TYPES[typeof body] ?? 'int');
  throw new WordedError(400, { non_field_errors: [`Invalid data. Expected a dictionary, but got ${type}.`] });
}
const TYPES: Readonly<Record<string, string>> = { string: 'str', boolean: 'bool' };

/** What is left empty in a form isn't meant, but for the fields that may be emptied. */
export function fieldsOfForm(body: unknown, emptied: readonly string[]): Readonly<Record<string, unknown>> {
  const given = Object.entries(fieldsOf(body)).filter(([name, value]) => value !== '' || emptied.includes(name));
  return Object.fromEntries(given);
}

/** The fields that are there. @throws WordedError 400 that names every bad one. */
export function readFields<T extends object>(
  body: Readonly<Record<string, unknown>>,
  readers: { readonly [K in keyof T]-?: Reader<T[K]> },
  required: readonly (keyof T & string)[] = [],
): Partial<T> {
  const read: Partial<T> = {};
  const problems: Record<string, string[]> = {};
  for (const name of Object.keys(readers) as (keyof T & string)[]) {
    const given = Object.hasOwn(body, name) ? body[name] : undefined;
    if (given === undefined) {
      if (required.includes(name)) problems[name] = ['This field is required.'];
      continue;
    }
    const result = readers[name](given);
    if ('problem' in result) problems[name] = [result.problem];
    else read[name] = result.value;
  }
  if (Object.keys(problems).length > 0) throw new WordedError(400, problems);
  return read;
}
