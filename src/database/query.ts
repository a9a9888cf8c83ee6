/** The part of MongoDB's query language that our repositories use; both stores understand exactly this. */

export type Scalar = string | number | boolean | Date | null;
export type Value = Scalar | readonly Value[] | { readonly [field: string]: Value | undefined };

export interface Doc {
  _id: string;
}

export interface Condition {
  $eq?: Scalar;
  $ne?: Scalar;
  $in?: readonly Scalar[];
  $nin?: readonly Scalar[];
  $gt?: Scalar;
  $gte?: Scalar;
  $lt?: Scalar;
  $lte?: Scalar;
  $exists?: boolean;
}

/**
 * Conditions by field path (`lease.holder`), all of which must hold. A plain scalar means equality; `null` also matches a
 * missing field; a path to an array matches when any element does, as in MongoDB: of `{$gte: 'a', $lt: 'b'}`
 * each end may be met by another element.
 */
export type Where = { readonly [path: string]: Scalar | Condition };

/** Typed at the first level: a misspelt field is a compile error, a nested path is checked by its first segment only. */
export type Filter<T extends Doc> = {
  readonly [path in (keyof T & string) | `${keyof T & string}.${string}`]?: Scalar | Condition;
};

export type Sort = Readonly<Record<string, 1 | -1>>;

/** Update operators by field path. `$push` appends `$each` and keeps the last `-$slice` elements. */
export interface Update {
  $set?: Readonly<Record<string, unknown>>;
  $unset?: Readonly<Record<string, true | ''>>;
  $inc?: Readonly<Record<string, number>>;
  $min?: Readonly<Record<string, number | Date>>;
  $max?: Readonly<Record<string, number | Date>>;
  $setOnInsert?: Readonly<Record<string, unknown>>;
  $push?: Readonly<Record<string, { $each: readonly unknown[]; $slice?: number }>>;
  $addToSet?: Readonly<Record<string, Scalar>>;
  $pull?: Readonly<Record<string, Scalar>>;
}

/** A unique key is taken. `key` names the index's fields (or `_id`). */
export class DuplicateKeyError extends Error {
  constructor(
    readonly collection: string,
    readonly key: string,
  ) {
    super(`${collection}: a document with this ${key} exists already`);
    this.name = 'DuplicateKeyError';
  }
}
