import { schemaOf } from '../dto/schema-of.js';
import type { DtoClass } from '../dto/decorators.js';
import { ApiError, type ErrorDetail } from '../errors.js';
import { bodyParser } from '../schema.js';

/** What a phone tells, without the values that can't be right. */
export interface Told<T> {
  told: T;
  /** The fields that were left out. */
  ignored: string[];
}

/** How often values are left out before the rest is given up: a phone has few fields. */
const ROUNDS = 10;
const MOST_NAMES = 20;

/**
 * Reads what a phone tells: a wild value in one field must not keep the others from being taken. Without the fields in `needs`, or with
 * wild ones, nothing is.
 * @throws ApiError 400 that names what is wrong with them
 */
export function toldReader<T extends object>(
  dto: DtoClass<T>,
  needs: readonly (keyof T & string)[],
): (value: unknown) => Told<T> {
  const parse = bodyParser<T>(schemaOf(dto));
  return (value) => {
    const ignored = new Set<string>();
    for (let round = 0; ; round++) {
      try {
        return { told: parse(value), ignored: [...ignored].slice(0, MOST_NAMES) };
      } catch (error) {
        if (!(error instanceof ApiError) || error.details.length === 0 || round === ROUNDS) throw error;
        for (const field of innermost(error.details)) {
          const name = leaveOut(value as object, field, needs);
          if (name === undefined) throw error;
          for (const inside of ignored) if (inside.startsWith(`${name}.`)) ignored.delete(inside);
          ignored.add(name);
        }
      }
    }
  };
}

/** A mistake in a value is also told as one of the values around it. */
function innermost(details: readonly ErrorDetail[]): string[] {
  const fields = details.map(({ field }) => field);
  return fields.filter((field) => !fields.some((other) => other.startsWith(`${field}.`)));
}

/**
 * Removes the value, or the whole field around it when something in it is missing. Undefined: it is needed.
 * A list is never made shorter: a phone of which one SIM is unreadable would seem to have lost it.
 */
function leaveOut(value: object, field: string, needs: readonly string[]): string | undefined {
  const path = field.split('.');
  const [top = ''] = path;
  const fields = value as Record<string, unknown>;
  if (field === '' || needs.includes(top)) return undefined;
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], fields);
  const last = path.at(-1)!;
  const isThere = typeof parent === 'object' && parent !== null && Object.hasOwn(parent, last);
  if (isThere && !Array.isArray(parent)) {
    delete (parent as Record<string, unknown>)[last];
    return field;
  }
  delete fields[top];
  return top;
}

/** The names of fields that the class doesn't have. */
export function unknownFields(dto: DtoClass, value: unknown): string[] {
  const known = schemaOf(dto).properties ?? {};
  const names = Object.keys((value ?? {}) as object).filter((name) => !Object.hasOwn(known, name));
  return names.slice(0, MOST_NAMES).map((name) => name.slice(0, 100));
}
