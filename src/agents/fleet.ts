import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { ShortCache } from '../common/short-cache.js';
import { asTenantId, type TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import { agentStatus, isOnline, type AgentDoc } from './agent.js';
import { AgentsRepository, type PhoneState } from './agents.repository.js';

/** The active phones of a tenant, remembered for a few seconds: each request for a group asks who is there to send it. */
@Injectable()
export class Fleet {
  private readonly phones = new ShortCache<Map<string, PhoneState>>(
    async (tenant) => new Map((await this.repository.active(asTenantId(tenant))).map((phone) => [phone._id, phone])),
    undefined,
    1000,
  );

  constructor(
    private readonly repository: AgentsRepository,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** How many phones are in the group, and how many of them are online. */
  async ofGroup(tenant: TenantId, group: string): Promise<{ phones: number; online: number }> {
    const remembered = this.phones.peek(tenant);
    const found = await this.inGroup(tenant, group);
    if (found.phones > 0 || !remembered) return found;
    // Before anybody is told that there is none: one may have joined at another gateway.
    this.phones.forget(tenant);
    return this.inGroup(tenant, group);
  }

  async active(tenant: TenantId): Promise<PhoneState[]> {
    return [...(await this.phones.get(tenant))!.values()];
  }

  isOnline(phone: PhoneState): boolean {
    return isOnline(agentStatus(phone, this.clock.now(), this.config.AGENT_ONLINE_SECONDS));
  }

  /** A phone told of itself here. */
  heard({ _id, tenant_id }: AgentDoc, told: Pick<PhoneState, 'status' | 'last_seen_at'>): void {
    const phones = this.phones.peek(tenant_id);
    const phone = phones?.get(_id);
    if (phone) phones!.set(_id, { ...phone, ...told });
  }

  forget(tenant: TenantId): void {
    this.phones.forget(tenant);
  }

  private async inGroup(tenant: TenantId, group: string): Promise<{ phones: number; online: number }> {
    const all = (await this.phones.get(tenant))!;
    const members = [...all.values()].filter(({ groups }) => groups.includes(group));
    return { phones: members.length, online: members.filter((phone) => this.isOnline(phone)).length };
  }
}
