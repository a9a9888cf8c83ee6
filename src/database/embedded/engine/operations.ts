import { decodeJson } from '../document-json.js';
import type { Arguments, Kind, Request } from '../protocol.js';
import { applyIndexes } from './apply-indexes.js';
import type { Catalog } from './catalog.js';
import type { Database } from './database.js';
import * as deletes from './delete-operations.js';
import type { FileWatch } from './file-watch.js';
import { holdStill, letGo } from './hold-file.js';
import { insertMany, insertOne } from './insert-documents.js';
import { tryToWrite } from './try-to-write.js';
import * as reads from './read-operations.js';
import * as updates from './update-operations.js';

/**
 * How an operation uses transactions: `read` needs none; a `write` that fails keeps what it wrote before the error; `writes` are undone
 * together; `alone` has its own.
 */
export const TRANSACTION: Readonly<Record<Kind, 'read' | 'write' | 'writes' | 'alone'>> = {
  find: 'read',
  count: 'read',
  countBy: 'read',
  explain: 'read',
  ping: 'alone',
  limitPages: 'alone',
  collectionNames: 'read',
  insertOne: 'write',
  updateOne: 'write',
  deleteOne: 'write',
  updateEach: 'write',
  findEachAndUpdate: 'write',
  insertMany: 'write',
  updateMany: 'writes',
  deleteMany: 'writes',
  sweepExpired: 'write',
  applyIndexes: 'alone',
  holdStill: 'alone',
  letGo: 'alone',
  close: 'alone',
};

export class Operations {
  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly file: FileWatch,
  ) {}

  run(request: Request): unknown {
    return this.#handlers[request.kind](decodeJson<never>(request.args), request);
  }

  readonly #handlers: { [K in Kind]: (args: never, request: Request) => unknown } = {
    find: (args: Arguments['find'], { collection }) => reads.find(this.database, this.#table(collection), args),
    count: (args: Arguments['count'], { collection }) =>
      reads.count(this.database, this.#table(collection), args.filter, args.limit),
    countBy: (args: Arguments['countBy'], { collection }) =>
      reads.countBy(this.database, this.#table(collection), args.filter, args.field),
    explain: (args: Arguments['explain'], { collection }) =>
      reads.explain(this.database, this.#table(collection), args),
    insertOne: (_args, { collection, documents }) => insertOne(this.database, this.#table(collection), documents![0]!),
    insertMany: (_args, { collection, documents }) => insertMany(this.database, this.#table(collection), documents!),
    updateOne: (args: Arguments['updateOne'], { collection }) => {
      const result = updates.updateOne(this.database, this.#table(collection), args);
      if (args.returns) return result[args.returns] ?? null;
      return { matched: result.matched, upserted: result.upserted };
    },
    updateMany: (args: Arguments['updateMany'], { collection }) =>
      updates.updateMany(this.database, this.#table(collection), args.filter, args.update),
    updateEach: (args: Arguments['updateEach'], { collection }) =>
      updates.updateEach(this.database, this.#table(collection), args),
    findEachAndUpdate: (args: Arguments['findEachAndUpdate'], { collection }) =>
      updates.findEachAndUpdate(this.database, this.#table(collection), args.updates, args.fields),
    deleteOne: (args: Arguments['deleteOne'], { collection }) =>
      deletes.deleteOne(this.database, this.#table(collection), args.filter),
    deleteMany: (args: Arguments['deleteMany'], { collection }) =>
      deletes.deleteMany(this.database, this.#table(collection), args.filter),
    sweepExpired: (args: Arguments['sweepExpired']) =>
      deletes.sweepExpired(this.database, this.catalog.all(), args.now),
    applyIndexes: (args: Arguments['applyIndexes']) => applyIndexes(this.database, this.catalog, args),
    ping: () => {
      this.file.check();
      tryToWrite(this.database);
    },
    limitPages: (args: Arguments['limitPages']) => {
      this.database.rows(`PRAGMA max_page_count = ${args.pages}`);
    },
    collectionNames: () => this.catalog.names(),
    holdStill: () => holdStill(this.database),
    letGo: () => letGo(this.database),
    close: () => {
      try {
        this.database.rows('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // For example a full disk: committed data stays in the WAL, and the next start reads it from there.
      }
      this.database.close();
    },
  };

  #table(collection: string) {
    return this.catalog.table(collection);
  }
}
