import { randomUUID } from 'node:crypto';

/**
 * A body of version 1 as the source system took it: it had to have a text, and needed no id. One without an id can't be recognised when it
 * comes again, so each is another text. What isn't of version 1 stays as it is.
 */
export function completeVersion1(body: string): string | { missing: string } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return body;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json) || 'data' in json) return body;
  if (!('body' in json)) return { missing: 'body' };
  return 'id' in json ? body : JSON.stringify({ ...json, id: `v1-${randomUUID()}` });
}
