/** Large calls are split, so that neither JSON encoding here nor a commit in the worker delays others for long. */
export const CHUNK = 500;
/** How many chunks of one call are sent at once: the next is encoded while the worker has one, and other calls can run in between. */
const WINDOW = 2;

/** The results in the order of the chunks. Every chunk is sent; the first error is thrown at the end. */
export async function inChunks<T, R>(
  items: readonly T[],
  send: (chunk: readonly T[], offset: number) => Promise<R>,
): Promise<R[]> {
  const results: Promise<R>[] = [];
  for (let offset = 0; offset < items.length; offset += CHUNK) {
    if (results.length >= WINDOW) await settled(results[results.length - WINDOW]!);
    if (offset > 0) await new Promise(setImmediate);
    const result = send(items.slice(offset, offset + CHUNK), offset);
    // Errors are read at the end; without this handler an early failure would count as unhandled.
    result.catch(() => undefined);
    results.push(result);
  }
  await Promise.allSettled(results);
  return Promise.all(results);
}

async function settled(result: Promise<unknown>): Promise<void> {
  await result.catch(() => undefined);
}
