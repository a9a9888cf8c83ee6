import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { RouteTargets } from '../routing/targets.js';
import { CarrierAccounts } from './carrier-accounts.js';
import { CarrierNotes } from './carrier-notes.js';

/** The tenant's carriers as places to send by. */
@Injectable()
export class CarrierTargets implements OnModuleInit {
  constructor(
    private readonly targets: RouteTargets,
    private readonly accounts: CarrierAccounts,
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
      find: async (tenant, { carrier: name }) => {
        const account = await this.accounts.find(tenant, name);
        if (!account) return null;
        const { channels, characters } = account.carrier.capabilities;
        const { state } = await this.notes.health(account, this.clock.now());
        const online = state === 'ok' ? 1 : 0;
        const { sender, hold } = account;
        return { agentId: null, simSlots: [], phones: 1, online, channels, characters, sender, hold };
      },
    });
  }
}
