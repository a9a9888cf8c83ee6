import { asTenantId, type TenantId } from '../../src/common/tenant-id.js';
import type { MessageDoc } from '../../src/messages/message.js';
import type { NewSession, Opened } from '../../src/proxy/new-session.js';
import { Pool, type NewTn } from '../../src/proxy/pool.js';
import type { SessionDoc } from '../../src/proxy/session.js';
import { Sessions } from '../../src/proxy/sessions.js';
import type { TestGateway } from './gateway.js';
import { hear } from './opt-outs.js';
import { lease, registerPhone, report, type Phone } from './shop.js';

export async function tenantOf(gateway: TestGateway, slug = 'default'): Promise<TenantId> {
  const [tenant] = await gateway.store.collection<{ _id: string; slug: string }>('tenants').find({ slug });
  return asTenantId(tenant!._id);
}

/** The words of a shop, so that a test tells each system text from the others; and nothing that limits a phone. */
export const SAFE_RIDE = {
  AGENT_RATE_LIMIT_PER_MIN: '100000',
  JWT_ACCESS_MINUTES: '100000000',
  ORG_NAME: 'Safe Ride',
  SESSION_START_MSG: 'Your ride begins.',
  SESSION_END_MSG: 'Your ride is over.',
  NO_SESSION_MSG: 'No ride is on.',
};

/** A pool for a new phone, which has no numbers yet. */
export async function openPool(gateway: TestGateway): Promise<PhonePool> {
  return new PhonePool(gateway, await tenantOf(gateway), await registerPhone(gateway));
}

let people = 0;
/** A number that nobody had before. */
export function newPerson(): string {
  return `+84903${String(100_000 + ++people)}`;
}

/** Numbers of the pool, each a SIM of a phone's. */
export class PhonePool {
  constructor(
    readonly gateway: TestGateway,
    readonly tenant: TenantId,
    readonly phone: Phone,
  ) {}

  async add(number: string, more: Partial<NewTn> = {}): Promise<boolean> {
    const owner = { agent_id: this.phone.agentId, sim_slot: null };
    return this.gateway.get(Pool).add(this.tenant, { number, owner, channels: ['sms'], mode: 'shared', ...more });
  }

  get sessions(): Sessions {
    return this.gateway.get(Sessions);
  }

  between(addresses: readonly string[], more: Partial<NewSession> = {}): NewSession {
    return {
      participants: addresses.map((address) => ({ address, channel: 'sms' as const })),
      numbers: 'each',
      ...more,
    };
  }

  /** @throws when it isn't opened. */
  async open(addresses: readonly string[], more: Partial<NewSession> = {}): Promise<SessionDoc> {
    return openedOf(await this.sessions.open(this.tenant, this.between(addresses, more)));
  }

  /** The phone hears a text. */
  hear(from: string, text: string, extra: Record<string, unknown> = {}): Promise<string[]> {
    this.gateway.clock.advance(1);
    return hear(this.gateway, this.phone, { from, text, ...extra });
  }

  /** What the phone fetches now, in its order, sent or failed. */
  async sends(status = 'SENT'): Promise<{ to: string; text: string }[]> {
    const jobs = await lease(this.phone);
    for (const { message_id } of jobs) await report(this.phone, message_id, status);
    return jobs.map(({ to, text }) => ({ to, text }));
  }

  /** While something is under way, the phone sends whatever there is. */
  async sendsWhile<T>(work: Promise<T>, statusOf: (to: string) => string = () => 'SENT'): Promise<T> {
    const state = { isOver: false };
    const over = work.finally(() => (state.isOver = true));
    over.catch(() => undefined);
    while (!state.isOver) {
      for (const { message_id, to } of await lease(this.phone)) await report(this.phone, message_id, statusOf(to));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return over;
  }

  messagesTo(to: string): Promise<MessageDoc[]> {
    return this.gateway.store.collection<MessageDoc>('sms_messages').find({ to }, { sort: { _id: 1 } });
  }

  async textsTo(to: string): Promise<string[]> {
    return (await this.messagesTo(to)).map(({ text }) => text);
  }
}

export function openedOf(opened: Opened): SessionDoc {
  if ('session' in opened) return opened.session;
  throw new Error(JSON.stringify(opened));
}
