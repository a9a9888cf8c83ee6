/**
 * Runs work that ends after `millis`, or when `stopping` is aborted. `AbortSignal.any` on a signal that lives as long as the gateway keeps
 * something of every call.
 */
export async function withCallSignal<T>(
  millis: number,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const timer = setTimeout(() => ending.abort(new DOMException('The time is up', 'TimeoutError')), millis);
  if (stopping.aborted) end();
  stopping.addEventListener('abort', end, { once: true });
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', end);
  }
}
