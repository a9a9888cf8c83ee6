import type { CollectionSpec, FindOptions } from '../collection.js';
import type { Update, Where } from '../query.js';
import type { ErrorRecord } from './store-errors.js';

/** What each operation takes; it crosses to the worker as JSON text (see document-json.ts). */
export interface Arguments {
  find: { filter: Where } & FindOptions;
  count: { filter: Where; limit?: number };
  countBy: { filter: Where; field: string };
  explain: { filter: Where; sort?: FindOptions['sort'] };
  insertOne: null;
  insertMany: null;
  updateOne: { filter: Where; update: Update; upsert?: boolean; returns?: 'before' | 'after' };
  updateMany: { filter: Where; update: Update };
  updateEach: { filter: Where; update: Update }[];
  findEachAndUpdate: { updates: { filter: Where; update: Update }[]; fields?: readonly string[] };
  deleteOne: { filter: Where };
  deleteMany: { filter: Where };
  sweepExpired: { now: number };
  applyIndexes: CollectionSpec;
  ping: null;
  limitPages: { pages: number };
  collectionNames: null;
  holdStill: null;
  letGo: null;
  close: null;
}
export type Kind = keyof Arguments;

export interface Request {
  id: number;
  kind: Kind;
  collection: string;
  /** The arguments as JSON. */
  args: string;
  /** Documents to insert, each as JSON, so that the worker stores the text as it is. */
  documents?: readonly string[];
}

/** `value` is a number, a JSON text or a small plain object, depending on the kind of the request. */
export type Reply = { id: number; value: unknown } | { id: number; error: ErrorRecord };

export type FromWorker =
  | { type: 'opened' }
  | { type: 'refused'; error: ErrorRecord }
  | { type: 'replies'; replies: Reply[] }
  /** A commit failed: everything accepted since the last commit may be lost, so the store must not continue. */
  | { type: 'fatal'; error: ErrorRecord };
