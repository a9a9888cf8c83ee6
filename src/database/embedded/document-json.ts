/**
 * Documents as JSON text. A Date becomes `{"$date": ms}`; a key of the user's that begins with `$` gets a second `$`, so that
 * nothing that a tenant sends can be read as a date. Undefined fields are left out, as the driver does with `ignoreUndefined`.
 */
export function encodeJson(value: unknown): string {
  return JSON.stringify(toPlain(value)) ?? 'null';
}

/** JSON.parse and then a walk: a reviver function measured about five times slower. */
export function decodeJson<T>(text: string): T {
  return revive(JSON.parse(text)) as T;
}

function toPlain(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`a document can't hold the number ${value}`);
      return value;
    case 'object':
      return value === null ? null : plainObject(value);
    default:
      throw new TypeError(`a document can't hold a ${typeof value}`);
  }
}

function plainObject(value: object): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : toPlain(item)));
  if (value instanceof Date) {
    const ms = value.getTime();
    if (Number.isNaN(ms)) throw new TypeError("a document can't hold an invalid date");
    return { $date: ms };
  }
  if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set || value instanceof RegExp)
    throw new TypeError(`a document can't hold a ${value.constructor.name}`);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) assign(copy, key.startsWith('$') ? `$${key}` : key, toPlain(item));
  }
  return copy;
}

function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (typeof value[i] === 'object') value[i] = revive(value[i]);
    return value;
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    const item = object[key];
    if (key.startsWith('$')) {
      if (key === '$date') return new Date(item as number);
      delete object[key];
      assign(object, key.slice(1), revive(item));
    } else if (typeof item === 'object' && item !== null) assign(object, key, revive(item));
  }
  return object;
}

/** `object.__proto__ = x` would change the prototype instead of making a field. */
function assign(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
