import type { PhoneMemory } from './phone-memory.js';
import type { Server } from './server.js';

export interface SimCard {
  slotIndex: number;
  simNumber?: number;
  phoneNumber?: string;
  carrierName?: string;
}
export type Ticket = { code: string } | { privateToken: string };

interface Phone {
  ticket?: Ticket;
  sims?: readonly SimCard[];
  pushToken?: string;
}

/** How the app joins its gateway, and comes back to it. */
export class Registration {
  constructor(
    private readonly memory: PhoneMemory,
    private readonly server: Server,
    private readonly phone: Phone,
  ) {}

  /** @throws when the gateway refuses, or can't be reached. */
  async register(signal: AbortSignal): Promise<void> {
    const { ticket, pushToken = null, sims: simCards = [] } = this.phone;
    const authorization = ticket && ('code' in ticket ? `Code ${ticket.code}` : `Bearer ${ticket.privateToken}`);
    const body = { name: 'samsung/a54x', pushToken, simCards };
    const answer = await this.server.call('POST', '/device', { authorization, body, signal });
    if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    const { id, token } = answer.body;
    this.memory.device = { id, token };
  }

  /**
   * At each start of an app that has a token. A 401 makes it register again, by the private token or by nothing; one that joined by a
   * code has neither. Answers whether that is done.
   */
  async update(signal: AbortSignal): Promise<boolean> {
    const { ticket, pushToken = null, sims: simCards = [] } = this.phone;
    const { authorization, device } = this.memory;
    const body = { id: device!.id, pushToken, simCards };
    const { status } = await this.server.call('PATCH', '/device', { authorization, body, signal });
    if (status !== 401) return status === 204;
    if (ticket && 'code' in ticket) return true;
    await this.register(signal);
    return true;
  }
}
