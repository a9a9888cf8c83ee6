/**
 * `unavailable`: the store doesn't answer; whatever was asked may have been done all the same, so nothing is undone. `full`: its disk has
 * no room left, and nothing of the write was done.
 */
export type StoreFailureKind = 'unavailable' | 'full';

/** No answer of ours: what began in the store may be unfinished. The error filter tells the caller. */
export class StoreFailure extends Error {
  override name = 'StoreFailure';
  constructor(
    readonly kind: StoreFailureKind,
    cause: unknown,
  ) {
    super((cause as Error).message, { cause });
  }
}
