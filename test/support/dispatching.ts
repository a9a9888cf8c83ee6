import { idMaker, messageId } from '../../src/common/ids.js';
import { asTenantId, type TenantId } from '../../src/common/tenant-id.js';
import type { Update } from '../../src/database/query.js';
import type { Candidate, Claimed } from '../../src/messages/candidate.js';
import { Claims, type Budget, type ClaimOrder } from '../../src/messages/claims.js';
import type { MessageDoc } from '../../src/messages/message.js';
import { MessagesRepository } from '../../src/messages/messages.repository.js';
import { newMessage, type NewMessage } from '../../src/messages/new-message.js';
import { QueueRepository } from '../../src/messages/queue.repository.js';
import type { TestGateway } from './gateway.js';
import { must } from './people.js';

/** A holder that is not a phone, like the dispatcher of a carrier: it serves the queues of one carrier, of any tenant. */
export class Dispatching {
  private readonly nextId: () => string;
  private made = 0;

  constructor(
    private readonly gateway: TestGateway,
    readonly carrier: string,
  ) {
    this.nextId = idMaker('req', () => gateway.clock.now());
  }

  /** A message for the carrier, without a request. */
  async add(tenant: TenantId, more: Partial<NewMessage> = {}): Promise<string> {
    const now = this.gateway.clock.now();
    const request_id = this.nextId();
    const message = newMessage({
      _id: messageId(request_id, 0),
      tenant_id: tenant,
      request_id,
      sequence: 0,
      client_id: 'key_dispatched',
      to: '+84901230000',
      text: `dispatched ${++this.made}`,
      priority: 'NORMAL',
      expires_at: new Date(now.getTime() + 86_400_000),
      route: `carrier:${this.carrier}`,
      agent_id: null,
      created_at: now,
      ...more,
    });
    await this.gateway.get(MessagesRepository).insertMissing([message]);
    return message._id;
  }

  claim(tenants: readonly TenantId[], more: Partial<ClaimOrder> = {}): Promise<Claimed[]> {
    return this.gateway.get(Claims).claim({
      holder: `dispatcher:${this.carrier}`,
      actor: 'system',
      agentId: null,
      maxAttempts: null,
      queues: tenants.map((tenant) => `${tenant}:carrier:${this.carrier}`),
      limit: 10,
      leaseSeconds: 60,
      budget: NO_LIMIT,
      ...more,
    });
  }

  async change(seen: Candidate, update: Update): Promise<boolean> {
    return (await this.gateway.get(QueueRepository).changeEach([{ seen, update }]))[0]!;
  }

  async read(id: string): Promise<MessageDoc> {
    return (await this.gateway.store.collection<MessageDoc>('sms_messages').findOne({ _id: id }))!;
  }
}

export const NO_LIMIT: Budget = {
  read: () => Promise.resolve(),
  take: (wanted, limit) => Promise.resolve(wanted.slice(0, limit).map((candidate) => ({ candidate, via: {} }))),
  refund: () => Promise.resolve(),
};

export async function newTenant(gateway: TestGateway, slug: string): Promise<TenantId> {
  const admin = await gateway.admin();
  return asTenantId(must(201, await admin.post('/admin/tenants', { slug, name: slug })).id);
}
