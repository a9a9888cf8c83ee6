import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { DuplicateKeyError, type Update } from '../database/query.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Span } from '../domain/time.js';
import { claimOf, nameClaim, type SessionDoc } from './session.js';

const BATCH = 200;
const BY_DUE = { due_at: 1, _id: 1 } as const;

@Injectable()
export class SessionsRepository {
  private readonly sessions: TenantCollection<SessionDoc>;

  constructor(@InjectStore() store: Store) {
    this.sessions = new TenantCollection(store.collection<SessionDoc>('proxy_sessions'));
  }

  /** False when another open session has one of its claims. */
  async insertNew(session: SessionDoc): Promise<boolean> {
    try {
      await this.sessions.insertOne(session.tenant_id, session);
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }

  byId(tenant: TenantId, id: string): Promise<SessionDoc | null> {
    return this.sessions.findOne(tenant, { _id: id });
  }

  /** Only while it is as it was seen. */
  change({ tenant_id, _id, rev }: SessionDoc, update: Update): Promise<SessionDoc | null> {
    return this.sessions.findOneAndUpdate(tenant_id, { _id, rev }, { ...update, $inc: { rev: 1 } });
  }

  /** The same where it takes more claims: null also when another open session has one of them. */
  async claim(seen: SessionDoc, update: Update): Promise<SessionDoc | null> {
    try {
      return await this.change(seen, update);
    } catch (error) {
      if (error instanceof DuplicateKeyError) return null;
      throw error;
    }
  }

  /** However it is by now. */
  add({ tenant_id, _id }: SessionDoc, update: Update): Promise<SessionDoc | null> {
    return this.sessions.findOneAndUpdate(tenant_id, { _id }, { ...update, $inc: { rev: 1 } });
  }

  async remove({ tenant_id, _id }: SessionDoc): Promise<void> {
    await this.sessions.deleteOne(tenant_id, { _id });
  }

  /** Those of them that open sessions have, and whatever else these have. */
  async taken(tenant: TenantId, claims: readonly string[]): Promise<Set<string>> {
    const found = await this.sessions.find(tenant, { claims: { $in: claims } }, { fields: ['claims'] });
    return new Set(found.flatMap((session) => session.claims ?? []));
  }

  byClaim(tenant: TenantId, tn: string, address: string): Promise<SessionDoc | null> {
    return this.sessions.findOne(tenant, { claims: claimOf(tn, address) });
  }

  byName(tenant: TenantId, uniqueName: string): Promise<SessionDoc | null> {
    return this.sessions.findOne(tenant, { claims: nameClaim(uniqueName) });
  }

  async using(tenant: TenantId, tn: string): Promise<string | null> {
    return (await this.sessions.findOne(tenant, { tns: tn }, { fields: ['_id'] }))?._id ?? null;
  }

  countUsing(tenant: TenantId, tn: string): Promise<number> {
    return this.sessions.count(tenant, { tns: tn });
  }

  /** The open sessions that use a number, in pages. */
  async *eachUsing(tenant: TenantId, tn: string): AsyncGenerator<SessionDoc> {
    for (let after = ''; ;) {
      const options = { sort: { _id: 1 }, limit: BATCH } as const;
      const page = await this.sessions.find(tenant, { tns: tn, _id: { $gt: after } }, options);
      yield* page;
      if (page.length < BATCH) return;
      after = page.at(-1)!._id;
    }
  }

  list(tenant: TenantId, state: SessionDoc['state'] | 'any', limit: number, skip: number): Promise<SessionDoc[]> {
    const where = state === 'any' ? {} : { state };
    return this.sessions.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }

  ofAddress(tenant: TenantId, address: string, state: SessionDoc['state'], limit: number): Promise<SessionDoc[]> {
    return this.sessions.find(tenant, { 'participants.address': address, state }, { sort: { _id: -1 }, limit });
  }

  /** Of one tenant, or across tenants, for the worker. */
  due(now: Date, limit: number, tenant: TenantId | null = null): Promise<SessionDoc[]> {
    const where = { due_at: { $lte: now }, ...(tenant ? { tenant_id: tenant } : {}) };
    return this.sessions.acrossTenants.find(where, { sort: BY_DUE, limit });
  }

  async firstClosed(tenant: TenantId, { from, to }: Span): Promise<Date | null> {
    const where = { closed_at: { $gte: from, $lt: to } };
    const options = { sort: { closed_at: 1, _id: 1 }, fields: ['closed_at'] } as const;
    return (await this.sessions.findOne(tenant, where, options))?.closed_at ?? null;
  }

  /** A batch of what was closed in the span; answers the last one's id while there may be more. */
  async removeClosed(tenant: TenantId, { from, to }: Span): Promise<string | null> {
    const where = { closed_at: { $gte: from, $lt: to } };
    const options = { sort: { closed_at: 1, _id: 1 }, limit: BATCH, fields: ['_id'] } as const;
    const ids = (await this.sessions.find(tenant, where, options)).map(({ _id }) => _id);
    if (ids.length > 0) await this.sessions.acrossTenants.deleteMany({ tenant_id: tenant, _id: { $in: ids } });
    return ids.length < BATCH ? null : ids.at(-1)!;
  }
}
