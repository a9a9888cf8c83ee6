import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import type { Update } from '../database/query.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Span } from '../domain/time.js';
import { chunkId, chunksGoneSince, isThrough, OPEN, OVER, type ChunkDoc, type ImportDoc } from './import.js';

@Injectable()
export class ImportsRepository {
  private readonly imports: TenantCollection<ImportDoc>;
  private readonly chunks: TenantCollection<ChunkDoc>;
  private readonly old: OldRows<ImportDoc>;

  constructor(@InjectStore() store: Store) {
    this.imports = new TenantCollection(store.collection<ImportDoc>('imports'));
    this.chunks = new TenantCollection(store.collection<ChunkDoc>('import_chunks'));
    this.old = new OldRows(this.imports, 'imp');
  }

  insert(doc: ImportDoc): Promise<void> {
    return this.imports.insertOne(doc.tenant_id, doc);
  }

  byId(tenant: TenantId, id: string): Promise<ImportDoc | null> {
    return this.imports.findOne(tenant, { _id: id });
  }

  byKey(tenant: TenantId, clientId: string, key: string): Promise<ImportDoc | null> {
    return this.imports.findOne(tenant, { client_id: clientId, idempotency_key: key });
  }

  list(tenant: TenantId, clientId: string | undefined, limit: number, skip: number, before?: string) {
    const where = {
      status: { $ne: 'staging' },
      ...(clientId ? { client_id: clientId } : {}),
      ...(before ? { _id: { $lt: before } } : {}),
    } as const;
    return this.imports.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }

  /** Across tenants, for the worker. */
  due(now: Date, limit: number): Promise<ImportDoc[]> {
    return this.imports.acrossTenants.find({ due_at: { $lte: now } }, { sort: { due_at: 1, _id: 1 }, limit });
  }

  /** From the worker, only while it is as it was seen. */
  async hide(tenant: TenantId, id: string, due_at: Date): Promise<void> {
    await this.imports.updateOne(tenant, { _id: id, due_at }, { $unset: { due_at: '' } });
  }

  /** Back to the worker; what is over stays so. */
  async show(tenant: TenantId, id: string, due_at: Date): Promise<void> {
    const where = { _id: id, due_at: null, status: { $in: OPEN } };
    await this.imports.updateOne(tenant, where, { $set: { due_at } });
  }

  /** Commits a file, or moves on the deadline of a file that is being read; null when the import was removed as abandoned. */
  changeStaging(tenant: TenantId, id: string, set: Partial<Omit<ImportDoc, 'tenant_id'>>): Promise<ImportDoc | null> {
    return this.imports.findOneAndUpdate(tenant, { _id: id, status: 'staging' }, { $set: set });
  }

  /** Removes a file that was never committed; with `dueBy`, only if its deadline has passed by then. */
  async forgetStaging(tenant: TenantId, id: string, dueBy?: Date): Promise<boolean> {
    const where = { _id: id, status: 'staging', ...(dueBy ? { due_at: { $lte: dueBy } } : {}) } as const;
    return (await this.imports.deleteOne(tenant, where)).deleted === 1;
  }

  /** Changes the import only while it is open; with `nextChunk`, only if that is still its next chunk. */
  changeOpen(tenant: TenantId, id: string, update: Update, nextChunk?: number): Promise<ImportDoc | null> {
    const where = { _id: id, status: { $in: OPEN }, ...(nextChunk === undefined ? {} : { next_chunk: nextChunk }) };
    return this.imports.findOneAndUpdate(tenant, where, update);
  }

  /** Counts a chunk once, even if the import has ended in the meantime. */
  async count(tenant: TenantId, id: string, nextChunk: number, update: Update): Promise<void> {
    await this.imports.updateOne(tenant, { _id: id, next_chunk: nextChunk }, update);
  }

  /** Frees the Idempotency-Key, so that another import can use it. */
  async releaseKey(tenant: TenantId, id: string): Promise<void> {
    await this.imports.updateOne(tenant, { _id: id }, { $unset: { idempotency_key: '', key_until: '' } });
  }

  insertChunk(chunk: ChunkDoc): Promise<void> {
    return this.chunks.insertOne(chunk.tenant_id, chunk);
  }

  chunk(tenant: TenantId, importId: string, chunk: number): Promise<ChunkDoc | null> {
    return this.chunks.findOne(tenant, { _id: chunkId(importId, chunk) });
  }

  async deleteChunk(tenant: TenantId, importId: string, chunk: number): Promise<void> {
    await this.chunks.deleteOne(tenant, { _id: chunkId(importId, chunk) });
  }

  async deleteChunks(tenant: TenantId, importId: string): Promise<void> {
    const range = { $gte: `${importId}:`, $lt: `${importId};` };
    await this.chunks.acrossTenants.deleteMany({ _id: range, tenant_id: tenant });
  }

  firstOf(tenant: TenantId, span: Span): Promise<Date | null> {
    return this.old.first(tenant, span);
  }

  isUnderWay(tenant: TenantId, span: Span, now: Date): Promise<boolean> {
    return this.old.has(tenant, span, { status: { $nin: OVER }, created_at: { $gt: chunksGoneSince(now) } });
  }

  /** Removes the texts of imports that are over. */
  blank(tenant: TenantId, span: Span, after: string | null, now: Date): Promise<string | null> {
    const update = { $set: { bad_lines: [], text_blanked_at: now }, $unset: { 'request.text': '' } } as const;
    return this.old.batch(tenant, span, after, ['status', 'created_at', 'text_blanked_at'], async (page) => {
      const left = page.filter((doc) => isThrough(doc, now) && !doc.text_blanked_at);
      for (const { _id } of left) await this.deleteChunks(tenant, _id);
      await this.imports.acrossTenants.updateEach(
        left.map(({ _id }) => ({ filter: { _id, tenant_id: tenant }, update })),
      );
    });
  }

  remove(tenant: TenantId, span: Span, after: string | null, now: Date): Promise<string | null> {
    return this.old.batch(tenant, span, after, ['status', 'created_at'], async (page) => {
      const ids = page.filter((doc) => isThrough(doc, now)).map(({ _id }) => _id);
      for (const id of ids) await this.deleteChunks(tenant, id);
      await this.imports.acrossTenants.deleteMany({ _id: { $in: ids }, tenant_id: tenant });
    });
  }
}
