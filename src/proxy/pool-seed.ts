import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../config/load-config.js';
import { DEFAULT_TENANT } from '../tenants/tenant.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { Pool } from './pool.js';

/** The numbers of NUMBER_POOL, which the default tenant gets at each start as far as it hasn't got them. */
@Injectable()
export class PoolSeed implements OnApplicationBootstrap {
  constructor(
    private readonly pool: Pool,
    private readonly tenants: TenantsService,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.NUMBER_POOL) return;
    const tenant = await this.tenants.idOf(DEFAULT_TENANT);
    for (const number of JSON.parse(this.config.NUMBER_POOL) as string[]) {
      const channels = ['sms', 'whatsapp', 'voice'] as const;
      await this.pool.add(tenant, { number, owner: { carrier: 'twilio' }, channels, mode: 'shared' });
    }
  }
}
