import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import type { Update } from '../database/query.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { AgentDoc } from './agent.js';

const STATE = ['is_active', 'status', 'last_seen_at', 'groups'] as const;
/** Whether and for whom it is there to send. */
export type PhoneState = Pick<AgentDoc, '_id' | (typeof STATE)[number]>;

/** What a change depends on. */
export interface Seen {
  is_active?: boolean;
  token_hash?: string;
  'rotation_code.hash'?: string;
}

@Injectable()
export class AgentsRepository {
  private readonly agents: TenantCollection<AgentDoc>;

  constructor(@InjectStore() store: Store) {
    this.agents = new TenantCollection(store.collection<AgentDoc>('agents'));
  }

  /** @throws DuplicateKeyError when the tenant has this device already. */
  insert(agent: AgentDoc): Promise<void> {
    return this.agents.insertOne(agent.tenant_id, agent);
  }
  /** Across tenants: the token itself says whose phone it is. */
  byTokenHash(hash: string): Promise<AgentDoc | null> {
    return this.agents.acrossTenants.findOne({ token_hash: hash });
  }
  /** Across tenants: what the phone signs with says whose it is. */
  byIdAnywhere(id: string): Promise<AgentDoc | null> {
    return this.agents.acrossTenants.findOne({ _id: id });
  }
  byDevice(tenant: TenantId, deviceId: string): Promise<AgentDoc | null> {
    return this.agents.findOne(tenant, { device_id: deviceId });
  }
  byId(tenant: TenantId, id: string): Promise<AgentDoc | null> {
    return this.agents.findOne(tenant, { _id: id });
  }
  list(
    tenant: TenantId,
    isActive: boolean | undefined,
    limit: number,
    skip: number,
    before?: string,
  ): Promise<AgentDoc[]> {
    const where = {
      ...(isActive === undefined ? {} : { is_active: isActive }),
      ...(before ? { _id: { $lt: before } } : {}),
    };
    return this.agents.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }
  active(tenant: TenantId): Promise<PhoneState[]> {
    return this.agents.find(tenant, { is_active: true }, { fields: STATE });
  }
  /** Unregistered ones, too. */
  all(tenant: TenantId): Promise<PhoneState[]> {
    return this.agents.find(tenant, {}, { fields: STATE });
  }
  /** Phones of all tenants that were heard of since, by what they said of themselves. */
  countHeardOf(since: Date): Promise<Record<string, number>> {
    return this.agents.acrossTenants.countBy({ last_seen_at: { $gte: since }, is_active: true }, 'status');
  }
  /** Only while it is as `seen`. @throws DuplicateKeyError when a changed device id is taken. */
  update(tenant: TenantId, id: string, update: Update, seen: Seen = {}): Promise<AgentDoc | null> {
    return this.agents.findOneAndUpdate(tenant, { _id: id, ...seen }, update);
  }
}
