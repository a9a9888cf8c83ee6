import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { mergeNewest } from '../common/merge-newest.js';
import { cursorId, listOf, type Page } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import { queueKey } from '../domain/route.js';
import { showMessage, type MessageDoc } from '../messages/message.js';
import { StalledRepository } from '../messages/stalled.repository.js';
import { AgentsRepository, type PhoneState } from './agents.repository.js';
import { Fleet } from './fleet.js';

/** Messages that need a person: their phone is away, or it began to send and never told the end. */
@Injectable()
export class StalledService {
  constructor(
    private readonly agents: AgentsRepository,
    private readonly fleet: Fleet,
    private readonly messages: StalledRepository,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async list(tenant: TenantId, page: Page) {
    const now = this.clock.now();
    const phones = await this.agents.all(tenant);
    const absent = phones.filter((phone) => !this.fleet.isOnline(phone)).map(({ _id }) => _id);
    const unregistered = new Set(phones.filter(({ is_active }) => !is_active).map(({ _id }) => _id));
    const lists = [
      ...this.messages.waitingFor(tenant, absent, this.servedQueues(tenant, phones)),
      this.messages.unconfirmed(tenant, before(now, this.config.LEASE_SECONDS)),
    ];
    const found = await mergeNewest(lists, { skip: page.skip, limit: page.limit, edge: cursorId(page) });
    const rows = await this.messages.whole(tenant, found);
    return listOf(rows, page, (message) => ({ ...showMessage(message), stalled: reason(message, unregistered) }));
  }

  /** A group that has a phone online takes back what its other phones leased, once their leases run out. */
  private servedQueues(tenant: TenantId, phones: readonly PhoneState[]): string[] {
    const served = new Set(phones.filter((phone) => this.fleet.isOnline(phone)).flatMap(({ groups }) => groups));
    return [...served].map((group) => queueKey(tenant, { kind: 'group', group }, null));
  }
}

function reason(message: MessageDoc, unregistered: ReadonlySet<string>): string {
  if (message.status === 'SENDING') return 'sending_unconfirmed';
  return unregistered.has(message.agent_id ?? '') ? 'agent_unregistered' : 'agent_offline';
}

function before(now: Date, seconds: number): Date {
  return new Date(now.getTime() - seconds * 1000);
}
