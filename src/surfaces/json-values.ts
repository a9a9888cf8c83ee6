/** For what apps of others send: it is read piece by piece, and one bad piece keeps nothing else from being read. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/**
 * JSON with U+FFFD for each NUL. Elsewhere a NUL is refused; a text that a phone received with one, which anybody can send, would come
 * again and again.
 */
export function withoutNul(json: string): string {
  return json.replace(/\\(?:u0000|[^])/g, (escape) => (escape === '\\u0000' ? '\\ufffd' : escape));
}
