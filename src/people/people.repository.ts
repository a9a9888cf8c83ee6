import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { DuplicateKeyError, type Update } from '../database/query.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Way } from '../domain/preference.js';
import type { PersonDoc } from './person.js';

@Injectable()
export class PeopleRepository {
  private readonly people: TenantCollection<PersonDoc>;

  constructor(@InjectStore() store: Store) {
    this.people = new TenantCollection(store.collection<PersonDoc>('people'));
  }

  /** False when the account has a person already. */
  async insertNew(person: PersonDoc): Promise<boolean> {
    try {
      await this.people.insertOne(person.tenant_id, person);
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }

  list(
    tenant: TenantId,
    filter: { phone?: string | undefined; email?: string | undefined },
    limit: number,
    skip: number,
    before?: string,
  ): Promise<PersonDoc[]> {
    const { phone, email } = filter;
    const where = { ...(phone ? { phone } : {}), ...(email ? { email } : {}) };
    const older = before ? { _id: { $lt: before } } : {};
    return this.people.find(tenant, { ...where, ...older }, { sort: { _id: -1 }, limit, skip });
  }

  byId(tenant: TenantId, id: string): Promise<PersonDoc | null> {
    return this.people.findOne(tenant, { _id: id });
  }

  /** Across tenants: a link that was signed names only its person. */
  byIdAnywhere(id: string): Promise<PersonDoc | null> {
    return this.people.acrossTenants.findOne({ _id: id });
  }

  byIds(tenant: TenantId, ids: readonly string[]): Promise<PersonDoc[]> {
    return this.people.find(tenant, { _id: { $in: ids } });
  }

  ofUser(tenant: TenantId, userId: string): Promise<PersonDoc | null> {
    return this.people.findOne(tenant, { user_id: userId });
  }

  withPhone(tenant: TenantId, phone: string): Promise<PersonDoc[]> {
    return this.people.find(tenant, { phone });
  }

  withEmail(tenant: TenantId, email: string): Promise<PersonDoc[]> {
    return this.people.find(tenant, { email });
  }

  /** Nobody was at this address when an e-mail left for it at `sentAt`; whoever has confirmed it since is there. */
  async emailDied(
    tenant: TenantId,
    email: string,
    email_dead: NonNullable<PersonDoc['email_dead']>,
    sentAt: Date,
  ): Promise<void> {
    for (const email_confirmed_at of [{ $exists: false }, { $lte: sentAt }])
      await this.people.acrossTenants.updateMany(
        { tenant_id: tenant, email, email_confirmed_at },
        { $set: { email_dead, updated_at: email_dead.at }, $inc: { rev: 1 } },
      );
  }

  async restart({ tenant_id, _id }: PersonDoc, way: Way): Promise<void> {
    await this.people.updateOne(tenant_id, { _id, stopped: way }, { $pull: { stopped: way }, $inc: { rev: 1 } });
  }

  async delete(tenant: TenantId, id: string): Promise<boolean> {
    return (await this.people.deleteOne(tenant, { _id: id })).deleted === 1;
  }

  /** Only while it is as it was seen; null: it was changed meanwhile. */
  change({ tenant_id, _id, rev }: PersonDoc, update: Update): Promise<PersonDoc | null> {
    return this.people.findOneAndUpdate(tenant_id, { _id, rev }, { ...update, $inc: { rev: 1 } });
  }
}
