import { parseJsonBody } from './json-body.js';

export interface BodyKind {
  /** The media types that name it, without parameters and in small letters. */
  types: readonly string[];
  /** Makes a value of a body that is read whole. @throws ApiError */
  parse?(body: Buffer): unknown;
  /** The handler reads it as it comes: nothing of it is held in memory. */
  streams?: true;
}

/** Every kind of body that a route can take. A new one is an entry here and a word in the route's `@Takes`. */
export const BODY_KINDS = {
  json: { types: ['application/json'], parse: parseJsonBody },
  upload: { types: ['multipart/form-data', 'text/csv'], streams: true },
} satisfies Record<string, BodyKind>;

export type BodyKindName = keyof typeof BODY_KINDS;

export function bodyKind(name: BodyKindName): BodyKind {
  return BODY_KINDS[name];
}
