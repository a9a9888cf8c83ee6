export type Segments = readonly string[];

const split = new Map<string, Segments>();

/** Field paths come from our own code, so there are few of them and each is split once. */
export function segmentsOf(path: string): Segments {
  let segments = split.get(path);
  if (!segments) {
    segments = path.split('.');
    if (segments.some((segment) => segment === '' || segment === '__proto__' || segment.startsWith('$')))
      throw new TypeError(`${JSON.stringify(path)} is not a field path`);
    if (split.size < 10_000) split.set(path, segments);
  }
  return segments;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

export function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function arrayIndex(segment: string): number | undefined {
  return /^(0|[1-9]\d{0,5})$/.test(segment) ? Number(segment) : undefined;
}

/** Whether `test` holds for any value at the path; an array stands for its elements, `undefined` for a missing field. */
export function someAt(value: unknown, segments: Segments, test: (value: unknown) => boolean, position = 0): boolean {
  if (position === segments.length) return test(value) || (Array.isArray(value) && value.some(test));
  const segment = segments[position]!;
  if (Array.isArray(value)) {
    const index = arrayIndex(segment);
    if (index !== undefined && index < value.length && someAt(value[index], segments, test, position + 1)) return true;
    return value.some((element) => isRecord(element) && someAt(element, segments, test, position));
  }
  return someAtField(isRecord(value) ? own(value, segment) : undefined, segments, test, position + 1);
}

function someAtField(value: unknown, segments: Segments, test: (value: unknown) => boolean, position: number): boolean {
  return value === undefined ? test(undefined) : someAt(value, segments, test, position);
}
