import {
  MongoBulkWriteError,
  type Collection as DriverCollection,
  type Filter as DriverFilter,
  type FindOptions as DriverFindOptions,
  type OptionalUnlessRequiredId,
  type UpdateFilter,
} from 'mongodb';
import type {
  Collection,
  FieldsOption,
  FindOneOptions,
  FindOptions,
  UpdateOptions,
  UpdateResult,
} from '../collection.js';
import { checkFilter } from '../filter-check.js';
import { countsByName } from '../group-name.js';
import { keysetPages } from '../keyset.js';
import type { Doc, Filter, Update, Where } from '../query.js';
import { requireUpsertId } from '../upsert-id.js';
import { asking, DUPLICATE_KEY, storeFailure } from './mongo-errors.js';

export class MongoCollection<T extends Doc> implements Collection<T> {
  readonly name: string;

  constructor(private readonly driver: DriverCollection<T>) {
    this.name = driver.collectionName;
  }

  async findOne(filter: Filter<T>, options: FindOneOptions = {}): Promise<T | null> {
    const [doc] = await this.find(filter, { ...options, limit: 1 });
    return doc ?? null;
  }

  async find(filter: Filter<T>, { sort, fields, skip, limit }: FindOptions = {}): Promise<T[]> {
    if (limit === 0) return []; // to the server, 0 means no limit
    const options: DriverFindOptions = { sort, skip, limit };
    if (fields) options.projection = projection(fields);
    const where = checked(filter);
    return asking(this.name, () => this.driver.find(where, options).toArray()) as unknown as Promise<T[]>;
  }

  pages(filter: Filter<T>, options: { batch?: number; descending?: boolean } = {}): AsyncIterable<T[]> {
    return keysetPages(this, filter, options);
  }

  async count(filter: Filter<T>, { limit }: { limit?: number } = {}): Promise<number> {
    if (limit === 0) return 0;
    const where = checked(filter);
    return asking(this.name, () => this.driver.countDocuments(where, { limit }));
  }

  async countBy(filter: Filter<T>, field: string): Promise<Record<string, number>> {
    const pipeline = [{ $match: checked(filter) }, { $group: { _id: `$${field}`, total: { $sum: 1 } } }];
    const groups = await asking(this.name, () =>
      this.driver.aggregate<{ _id: unknown; total: number }>(pipeline).toArray(),
    );
    return countsByName(groups.map(({ _id, total }) => [_id, total]));
  }

  async insertOne(doc: T): Promise<void> {
    await asking(this.name, () => this.driver.insertOne(doc as OptionalUnlessRequiredId<T>));
  }

  async insertMany(docs: readonly T[]): Promise<{ duplicates: number[] }> {
    if (docs.length === 0) return { duplicates: [] };
    try {
      await this.driver.insertMany(docs as readonly OptionalUnlessRequiredId<T>[], { ordered: false });
      return { duplicates: [] };
    } catch (error) {
      return { duplicates: duplicatePositions(error) };
    }
  }

  async updateOne(filter: Filter<T>, update: Update, options: UpdateOptions = {}): Promise<UpdateResult> {
    const upsert = checkedUpsert(filter, update, options);
    const where = checked(filter);
    const result = await asking(this.name, () => this.driver.updateOne(where, operators<T>(update), { upsert }));
    return { matched: result.matchedCount, upserted: result.upsertedCount > 0 };
  }

  async updateMany(filter: Filter<T>, update: Update): Promise<{ matched: number }> {
    const where = checked(filter);
    const result = await asking(this.name, () => this.driver.updateMany(where, operators<T>(update)));
    return { matched: result.matchedCount };
  }

  async findOneAndUpdate(
    filter: Filter<T>,
    update: Update,
    options: UpdateOptions & { returns?: 'before' | 'after' } = {},
  ): Promise<T | null> {
    const upsert = checkedUpsert(filter, update, options);
    const where = checked(filter);
    const returnDocument = options.returns ?? 'after';
    const found = await asking(this.name, () =>
      this.driver.findOneAndUpdate(where, operators<T>(update), { upsert, returnDocument }),
    );
    return found as T | null;
  }

  async updateEach(updates: readonly { filter: Filter<T>; update: Update }[]): Promise<{ matched: boolean[] }> {
    // A bulkWrite returns how many filters matched, but not which.
    const results = await sideBySide(updates, ({ filter, update }) => this.updateOne(filter, update));
    return { matched: results.map(({ matched }) => matched === 1) };
  }

  findEachAndUpdate(
    updates: readonly { filter: Filter<T>; update: Update }[],
    { fields }: FieldsOption = {},
  ): Promise<(T | null)[]> {
    const options = { returnDocument: 'after' as const, ...(fields ? { projection: projection(fields) } : {}) };
    return sideBySide(updates, async ({ filter, update }) => {
      const where = checked(filter);
      const write = () => this.driver.findOneAndUpdate(where, operators<T>(update), options);
      return (await asking(this.name, write)) as T | null;
    });
  }

  async deleteOne(filter: Filter<T>): Promise<{ deleted: number }> {
    const where = checked(filter);
    return { deleted: (await asking(this.name, () => this.driver.deleteOne(where))).deletedCount };
  }

  async deleteMany(filter: Filter<T>): Promise<{ deleted: number }> {
    const where = checked(filter);
    return { deleted: (await asking(this.name, () => this.driver.deleteMany(where))).deletedCount };
  }
}

/** Runs the operations side by side over the driver's pool. Waits for all, then throws the first error. */
async function sideBySide<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = await Promise.allSettled(items.map(work));
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

function projection(fields: readonly string[]): Record<string, 1> {
  return Object.fromEntries(['_id', ...fields].map((path) => [path, 1]));
}

function checked<T extends Doc>(filter: Filter<T>): DriverFilter<T> {
  checkFilter(filter as Where);
  return filter as DriverFilter<T>;
}

function checkedUpsert<T extends Doc>(filter: Filter<T>, update: Update, { upsert }: UpdateOptions): boolean {
  if (upsert) requireUpsertId(filter as Where, update);
  return upsert === true;
}

/** The driver refuses an empty update, for instance one with only undefined operators; the server accepts an empty `$set`. */
function operators<T extends Doc>(update: Update): UpdateFilter<T> {
  const given = Object.entries(update).filter(([, operands]) => operands !== undefined);
  return (given.length > 0 ? Object.fromEntries(given) : { $set: {} }) as UpdateFilter<T>;
}

/** Throws every error that is not a duplicate: otherwise documents would be missing without notice. */
function duplicatePositions(error: unknown): number[] {
  if (!(error instanceof MongoBulkWriteError)) throw storeFailure(error) ?? error;
  const failures = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  const concernFailed = error.result.getWriteConcernError() !== undefined;
  if (concernFailed || failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY))
    throw storeFailure(error) ?? error;
  return failures.map(({ index }) => index).sort((a, b) => a - b);
}
