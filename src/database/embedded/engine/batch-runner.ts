import type { Reply, Request } from '../protocol.js';
import { errorToRecord, type ErrorRecord } from '../store-errors.js';
import type { Catalog } from './catalog.js';
import type { Database } from './database.js';
import { FatalStoreError, isDiskFull, refuseBrokenFile } from './fatal-error.js';
import type { FileWatch } from './file-watch.js';
import { Operations, TRANSACTION } from './operations.js';
import { ItemError } from './update-operations.js';

/** Limits of a batch, so that its first operation does not wait long for the last one. */
const MOST_OPERATIONS = 2000;
const LONGEST_MS = 20;

/** Group commit: operations that wait together share one transaction, and none is answered before the transaction is on the disk. */
export class BatchRunner {
  readonly #operations: Operations;

  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly file: FileWatch,
  ) {
    this.#operations = new Operations(database, catalog, file);
  }

  /** Takes one batch from the head of `queue`. */
  runBatch(queue: Request[]): Reply[] {
    if (TRANSACTION[queue[0]!.kind] === 'alone') return [this.#alone(queue.shift()!)];
    const taken: Request[] = [];
    const failed = new Map<Request, Reply>();
    const deadline = performance.now() + LONGEST_MS;
    const next = () => {
      if (taken.length >= MOST_OPERATIONS || (taken.length > 0 && performance.now() > deadline)) return undefined;
      return queue.length > 0 && TRANSACTION[queue[0]!.kind] !== 'alone' ? queue.shift() : undefined;
    };
    let replies = this.#attempt(taken, failed, next);
    // SQLite rolled everything back because of one operation: the others run again without it.
    while (replies === undefined) replies = this.#attempt([], failed, iterator(taken));
    return replies;
  }

  #attempt(taken: Request[], failed: Map<Request, Reply>, next: () => Request | undefined): Reply[] | undefined {
    const replies: Reply[] = [];
    let begun = false;
    for (let request = next(); request; request = next()) {
      taken.push(request);
      const earlier = failed.get(request);
      if (earlier) {
        replies.push(earlier);
        continue;
      }
      if (!begun && TRANSACTION[request.kind] !== 'read') {
        this.database.exec('BEGIN IMMEDIATE');
        begun = true;
      }
      const reply = this.#one(request);
      replies.push(reply);
      if (begun && !this.database.inTransaction) {
        failed.set(request, reply);
        this.catalog.forget();
        return undefined;
      }
    }
    const full = begun ? this.#commit() : undefined;
    if (full === undefined) return replies;
    for (const request of taken)
      if (TRANSACTION[request.kind] !== 'read' && !failed.has(request))
        failed.set(request, { id: request.id, error: full });
    return undefined;
  }

  #one(request: Request): Reply {
    const savepoint = TRANSACTION[request.kind] === 'writes';
    try {
      if (savepoint) this.database.exec('SAVEPOINT operation');
      const value = this.#operations.run(request);
      if (savepoint) this.database.exec('RELEASE operation');
      return { id: request.id, value };
    } catch (error) {
      refuseBrokenFile(error);
      if (savepoint && this.database.inTransaction) {
        this.database.exec('ROLLBACK TO operation; RELEASE operation');
        this.catalog.forget();
      }
      return { id: request.id, error: errorToRecord(error instanceof ItemError ? error.cause : error) };
    }
  }

  #alone(request: Request): Reply {
    try {
      return { id: request.id, value: this.#operations.run(request) };
    } catch (error) {
      refuseBrokenFile(error);
      return { id: request.id, error: errorToRecord(error) };
    }
  }

  /** Returns the error of a full disk: then no write of the batch was made. */
  #commit(): ErrorRecord | undefined {
    try {
      this.database.exec('COMMIT');
    } catch (error) {
      if (!isDiskFull(error)) throw new FatalStoreError(`A commit failed (${(error as Error).message}).`);
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      this.catalog.forget();
      return errorToRecord(error);
    }
    this.file.check();
    return undefined;
  }
}

function iterator(requests: readonly Request[]): () => Request | undefined {
  let position = 0;
  return () => requests[position++];
}
