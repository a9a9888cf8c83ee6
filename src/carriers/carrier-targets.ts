import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { formatRoute } from '../domain/route.js';
import { RouteTargets, type Candidate } from '../routing/targets.js';
import { CarrierAccounts } from './carrier-accounts.js';
import { CarrierKinds } from './carrier-kinds.js';
import { CarrierNotes } from './carrier-notes.js';
import type { OpenAccount } from './open-account.js';

const REAL = 0;
const PRETENDING = 2;

/** The tenant's carriers as places to send by. */
@Injectable()
export class CarrierTargets implements OnModuleInit {
  constructor(
    private readonly targets: RouteTargets,
    private readonly accounts: CarrierAccounts,
    private readonly kinds: CarrierKinds,
    private readonly notes: CarrierNotes,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.targets.register({
      kind: 'carrier',
      form: 'carrier:<name>',
      absent: {
        code: 'carrier_not_found',
        message: 'The carrier is not set up, or is switched off',
        advice: 'Set it up with PUT /admin/carriers/:name, or choose another in GET /admin/carriers.',
      },
      list: async (tenant) => Promise.all((await this.accounts.ofTenant(tenant)).map((one) => this.candidate(one))),
      find: async (tenant, { carrier: name }) => {
        const account = await this.accounts.find(tenant, name);
        if (!account) return null;
        const { channels, characters } = account.carrier.capabilities;
        const online = (await this.isWell(account)) ? 1 : 0;
        const { sender, hold } = account;
        return { agentId: null, simSlots: [], phones: 1, online, channels, characters, sender, hold };
      },
    });
  }

  private async candidate(account: OpenAccount): Promise<Candidate> {
    const { name, carrier, hold } = account;
    return {
      route: formatRoute({ kind: 'carrier', carrier: name }),
      rank: this.kinds.find(name)?.builtIn ? PRETENDING : REAL,
      channels: carrier.capabilities.channels,
      works: !hold && (await this.isWell(account)),
    };
  }

  private async isWell(account: OpenAccount): Promise<boolean> {
    return (await this.notes.health(account, this.clock.now())).state === 'ok';
  }
}
