import type { Doc, Filter, Sort, Update } from './query.js';

/**
 * The narrow interface between repositories and a store. Everything our rules need is a single-document atomic write or a
 * unique index, so both the `mongodb` driver and the embedded engine can honour it to the letter; nothing else is offered.
 * Only `*.repository.ts` files and `database/` may use it.
 */
export interface Collection<T extends Doc> {
  readonly name: string;

  findOne(filter: Filter<T>, options?: FindOneOptions): Promise<T | null>;
  find(filter: Filter<T>, options?: FindOptions): Promise<T[]>;
  /** Pages of at most `batch` documents (default 500) in the order of `_id`, each read by its own short query (keyset). */
  pages(filter: Filter<T>, options?: { batch?: number; descending?: boolean }): AsyncIterable<T[]>;
  /** Counts matching documents; stops counting at `limit` when one is given. */
  count(filter: Filter<T>, options?: { limit?: number }): Promise<number>;
  /** How many matching documents have each value of `field`; missing and null count under `"null"`. */
  countBy(filter: Filter<T>, field: string): Promise<Record<string, number>>;

  /** Throws DuplicateKeyError when `_id` or a unique index is taken. */
  insertOne(doc: T): Promise<void>;
  /**
   * Inserts every document that collides with nothing and returns the positions of those that did (unordered, not atomic as a
   * whole: a crash may leave any subset).
   */
  insertMany(docs: readonly T[]): Promise<{ duplicates: number[] }>;

  /** One atomic compare-and-set; `matched` is 1 when the filter held (also when the update changed nothing). */
  updateOne(filter: Filter<T>, update: Update, options?: UpdateOptions): Promise<UpdateResult>;
  /** Each document is updated atomically by itself; no snapshot over all of them. */
  updateMany(filter: Filter<T>, update: Update): Promise<{ matched: number }>;
  /** Returns the document as it is after the update (or as it was, with `returns: 'before'`); null when the filter did not hold. */
  findOneAndUpdate(
    filter: Filter<T>,
    update: Update,
    options?: UpdateOptions & { returns?: 'before' | 'after' },
  ): Promise<T | null>;
  /** Updates of single documents side by side (unordered); `matched[i]` says whether the i-th filter held. */
  updateEach(updates: readonly { filter: Filter<T>; update: Update }[]): Promise<{ matched: boolean[] }>;
  /** `findOneAndUpdate` of single documents side by side (unordered); the i-th is null when the i-th filter did not hold. */
  findEachAndUpdate(
    updates: readonly { filter: Filter<T>; update: Update }[],
    options?: FieldsOption,
  ): Promise<(T | null)[]>;

  deleteOne(filter: Filter<T>): Promise<{ deleted: number }>;
  deleteMany(filter: Filter<T>): Promise<{ deleted: number }>;
}

export interface FieldsOption {
  /** Field paths to return, besides `_id`; absent: the whole document. A field that a document lacks is missing or null. */
  fields?: readonly string[];
}
export interface FindOneOptions extends FieldsOption {
  sort?: Sort;
}
export interface FindOptions extends FindOneOptions {
  skip?: number;
  limit?: number;
}
export interface UpdateOptions {
  /** Insert when nothing matches: equality fields of the filter, then `$set`, `$inc`, `$setOnInsert`. Throws DuplicateKeyError
   *  when the filter did not hold but the `_id` (or a unique key) exists. */
  upsert?: boolean;
}
export interface UpdateResult {
  matched: number;
  upserted: boolean;
}

/** One opened store: the embedded engine in a folder, or a MongoDB database. */
export interface Store {
  readonly kind: 'embedded' | 'mongo';
  collection<T extends Doc>(name: string): Collection<T>;
  /** Names of all existing collections, declared or not. */
  collectionNames(): Promise<string[]>;
  /**
   * Creates the declared collections and indexes that are missing; safe to repeat, and to call in several processes at once. Indexes that
   * aren't declared stay, because a gateway of another version may need them; the embedded store has one process, so it drops them.
   */
  applyIndexes(specs: readonly CollectionSpec[]): Promise<void>;
  /** For migrations; succeeds if the index no longer exists. */
  dropIndex(collection: string, index: IndexSpec): Promise<void>;
  /** Throws when the store can't answer; throws a StoreFailure `full` when its disk is full. */
  ping(): Promise<void>;
  /**
   * Exists only where several processes can use the store: calls `seen` with every document that any of them inserts from now on, until it
   * is closed; calls `ended` when the stream breaks. @throws when the server doesn't support change streams.
   */
  watch?<T extends Doc>(collection: string, seen: (doc: T) => void, ended: (error: Error) => void): Promise<Watching>;
  close(): Promise<void>;
  /** Present when the store keeps all its data in one file. */
  readonly file?: StoreFile;
}

export interface Watching {
  close(): Promise<void>;
}

export interface StoreFile {
  /**
   * Puts everything that was committed into the file, which then doesn't change until `letGo`: new writes go into the log beside it.
   * Another process may then copy it. (Not this one: closing any descriptor of the file would drop SQLite's locks.)
   */
  holdStill(): Promise<void>;
  letGo(): Promise<void>;
}

export interface CollectionSpec {
  name: string;
  indexes: readonly IndexSpec[];
}
export interface IndexSpec {
  /** Field paths in order; 1 ascending, -1 descending. The embedded store keeps each of these fields in a column of its own. */
  keys: Readonly<Record<string, 1 | -1>>;
  /**
   * The key whose field may hold a list, or lie in a list of documents: each element is indexed, and found by, as MongoDB does without being
   * told. Every index that names this field must say so. The embedded store refuses fractions, lists and objects as elements.
   */
  list?: string;
  unique?: boolean;
  /** Index only documents where each named field exists (`true`) or equals the constant. */
  partial?: Readonly<Record<string, { $exists: true } | string | number | boolean>>;
  /** For a date field (the only key): the store removes the document this many seconds after that date. */
  expireAfterSeconds?: number;
}
