import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { UserDoc } from './user.js';

/** What of a user a change depends on: its role says who may, and its tokens' version stands for its password. */
type Judged = Pick<UserDoc, '_id' | 'tenant_id'> & Partial<Pick<UserDoc, 'role' | 'token_version'>>;

@Injectable()
export class UsersRepository {
  private readonly users: TenantCollection<UserDoc>;

  constructor(@InjectStore() store: Store) {
    this.users = new TenantCollection(store.collection<UserDoc>('users'));
  }

  /** @throws DuplicateKeyError when the name is taken, in whichever tenant. */
  insert(user: UserDoc): Promise<void> {
    return this.users.insertOne(user.tenant_id, user);
  }
  /** Across tenants: a login says no tenant. */
  byUsername(username: string): Promise<UserDoc | null> {
    return this.users.acrossTenants.findOne({ username });
  }
  /** Across tenants: a token names only its user. */
  byIdAnywhere(id: string): Promise<UserDoc | null> {
    return this.users.acrossTenants.findOne({ _id: id });
  }
  async isEmpty(): Promise<boolean> {
    return (await this.users.acrossTenants.count({}, { limit: 1 })) === 0;
  }
  byId(tenant: TenantId, id: string): Promise<UserDoc | null> {
    return this.users.findOne(tenant, { _id: id });
  }
  /** Some of those with one of these addresses. */
  byEmail(tenant: TenantId, emails: readonly string[], limit: number): Promise<UserDoc[]> {
    return this.users.find(tenant, { email: { $in: emails } }, { sort: { _id: 1 }, limit });
  }
  list(tenant: TenantId, limit: number, skip: number, before?: string): Promise<UserDoc[]> {
    return this.users.find(tenant, before ? { _id: { $lt: before } } : {}, { sort: { _id: -1 }, limit, skip });
  }
  /** Only while it is what the change was judged by. `endTokens` makes every token of the user worthless in the same write. */
  update(
    { tenant_id, ...seen }: Judged,
    set: Partial<Omit<UserDoc, 'tenant_id'>>,
    endTokens: boolean,
  ): Promise<UserDoc | null> {
    return this.users.findOneAndUpdate(tenant_id, seen, {
      $set: set,
      ...(endTokens ? { $inc: { token_version: 1 } } : {}),
    });
  }
  async delete({ tenant_id, ...seen }: Judged): Promise<boolean> {
    return (await this.users.deleteOne(tenant_id, seen)).deleted === 1;
  }
}
