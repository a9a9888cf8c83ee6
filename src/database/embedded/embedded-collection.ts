import type {
  Collection,
  FieldsOption,
  FindOneOptions,
  FindOptions,
  UpdateOptions,
  UpdateResult,
} from '../collection.js';
import { checkFilter } from '../filter-check.js';
import { keysetPages } from '../keyset.js';
import type { Doc, Filter, Update, Where } from '../query.js';
import { requireUpsertId } from '../upsert-id.js';
import { decodeJson, encodeJson } from './document-json.js';
import { inChunks } from './in-chunks.js';
import { laneOf } from './outbox.js';
import type { WorkerLink } from './worker-link.js';

export class EmbeddedCollection<T extends Doc> implements Collection<T> {
  constructor(
    readonly name: string,
    private readonly link: WorkerLink,
  ) {}

  async findOne(filter: Filter<T>, options: FindOneOptions = {}): Promise<T | null> {
    const [doc] = await this.find(filter, { ...options, limit: 1 });
    return doc ?? null;
  }

  async find(filter: Filter<T>, options: FindOptions = {}): Promise<T[]> {
    const { sort, fields, skip, limit } = options;
    const args = { filter: checked(filter), sort, fields, skip, limit };
    const lane = laneOf((skip ?? 0) + (limit ?? 0), filter);
    const json = (await this.link.ask('find', this.name, args, { lane })) as string;
    const found = decodeJson<T[] | { rows: unknown[][] }>(json);
    return Array.isArray(found) ? found : found.rows.map((row) => documentOf<T>(row, fields!));
  }

  pages(filter: Filter<T>, options: { batch?: number; descending?: boolean } = {}): AsyncIterable<T[]> {
    return keysetPages(this, filter, options);
  }

  async count(filter: Filter<T>, { limit }: { limit?: number } = {}): Promise<number> {
    const lane = laneOf(limit ?? Infinity, filter);
    return (await this.link.ask('count', this.name, { filter: checked(filter), limit }, { lane })) as number;
  }

  async countBy(filter: Filter<T>, field: string): Promise<Record<string, number>> {
    const lane = laneOf(Infinity, filter);
    const counts = await this.link.ask('countBy', this.name, { filter: checked(filter), field }, { lane });
    return counts as Record<string, number>;
  }

  async insertOne(doc: T): Promise<void> {
    await this.link.ask('insertOne', this.name, null, { documents: [encodeJson(doc)] });
  }

  async insertMany(docs: readonly T[]): Promise<{ duplicates: number[] }> {
    const found = await inChunks(docs, async (chunk, offset) => {
      const lane = laneOf(chunk.length, chunk[0]!);
      const positions = await this.link.ask('insertMany', this.name, null, { documents: chunk.map(encodeJson), lane });
      return (positions as number[]).map((position) => position + offset);
    });
    return { duplicates: found.flat() };
  }

  async updateOne(filter: Filter<T>, update: Update, options: UpdateOptions = {}): Promise<UpdateResult> {
    const args = { filter: checked(filter), update, upsert: checkedUpsert(filter, update, options) };
    return (await this.link.ask('updateOne', this.name, args)) as UpdateResult;
  }

  async updateMany(filter: Filter<T>, update: Update): Promise<{ matched: number }> {
    const matched = await this.link.ask('updateMany', this.name, { filter: checked(filter), update });
    return { matched: matched as number };
  }

  async findOneAndUpdate(
    filter: Filter<T>,
    update: Update,
    options: UpdateOptions & { returns?: 'before' | 'after' } = {},
  ): Promise<T | null> {
    const { returns = 'after' } = options;
    const args = { filter: checked(filter), update, upsert: checkedUpsert(filter, update, options), returns };
    const json = (await this.link.ask('updateOne', this.name, args)) as string | null;
    return json === null ? null : decodeJson<T>(json);
  }

  async updateEach(updates: readonly { filter: Filter<T>; update: Update }[]): Promise<{ matched: boolean[] }> {
    for (const { filter } of updates) checked(filter);
    const found = await inChunks(updates, (chunk) =>
      this.link.ask('updateEach', this.name, chunk as unknown as { filter: Where; update: Update }[], {
        lane: laneOf(chunk.length, chunk[0]!.filter),
      }),
    );
    return { matched: (found as boolean[][]).flat() };
  }

  async findEachAndUpdate(
    updates: readonly { filter: Filter<T>; update: Update }[],
    { fields }: FieldsOption = {},
  ): Promise<(T | null)[]> {
    for (const { filter } of updates) checked(filter);
    const found = await inChunks(updates, (chunk) =>
      this.link.ask(
        'findEachAndUpdate',
        this.name,
        { updates: chunk as unknown as { filter: Where; update: Update }[], fields },
        { lane: laneOf(chunk.length, chunk[0]!.filter) },
      ),
    );
    return (found as string[]).flatMap((json) => decodeJson<(T | null)[]>(json));
  }

  async deleteOne(filter: Filter<T>): Promise<{ deleted: number }> {
    return { deleted: (await this.link.ask('deleteOne', this.name, { filter: checked(filter) })) as number };
  }

  async deleteMany(filter: Filter<T>): Promise<{ deleted: number }> {
    return { deleted: (await this.link.ask('deleteMany', this.name, { filter: checked(filter) })) as number };
  }
}

/** A row of an id and the values of fields; null stands for a missing one, too. */
function documentOf<T>([_id, ...values]: unknown[], fields: readonly string[]): T {
  const document: Record<string, unknown> = { _id };
  for (let i = 0; i < fields.length; i++) document[fields[i]!] = values[i];
  return document as T;
}

function checked<T extends Doc>(filter: Filter<T>): Where {
  checkFilter(filter as Where);
  return filter as Where;
}

function checkedUpsert<T extends Doc>(filter: Filter<T>, update: Update, { upsert }: UpdateOptions): boolean {
  if (upsert) requireUpsertId(filter as Where, update);
  return upsert === true;
}
