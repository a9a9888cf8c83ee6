export type Json = Readonly<Record<string, unknown>>;

/** The object in a field; empty when there is none. */
export function objectIn(json: Json, field: string): Json {
  const value = json[field];
  return isObject(value) ? value : {};
}

export function objectsIn(json: Json, field: string): Json[] {
  const value = json[field];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Flowroute writes ids, numbers and codes as strings or as numbers. */
export function textIn(json: Json, field: string): string | null {
  const value = json[field];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Null for what is no time. Flowroute's are in UTC and have two digits after the point. */
export function timeIn(json: Json, field: string): Date | null {
  const text = textIn(json, field);
  if (!text || !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return null;
  const time = new Date(/Z$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(time.getTime()) ? null : time;
}

/** Null for what is no JSON object. */
export function readObject(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
