/**
 * `unavailable`: the store doesn't answer; the operation may have been done, so nothing is undone. `full`: the disk is full, and no part of
 * the write was done.
 */
export type StoreFailureKind = 'unavailable' | 'full';

/** Not an ApiError: the operation in the store may be unfinished. The error filter makes the answer for the caller. */
export class StoreFailure extends Error {
  override name = 'StoreFailure';
  constructor(
    readonly kind: StoreFailureKind,
    cause: unknown,
  ) {
    super((cause as Error).message, { cause });
  }
}
