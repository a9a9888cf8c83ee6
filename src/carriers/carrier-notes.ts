import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { OpenAccount } from './open-account.js';

/** The code of a hold of ours: the account's calls fail. Other codes are the provider's. */
export const PARKED = 'PARKED';

export interface CarrierHealth {
  /** `parked`: it fails, and is tried again now and then; `held`: the provider takes nothing before a time. */
  state: 'ok' | 'parked' | 'held';
  since: Date | null;
  until: Date | null;
  reason: string | null;
}

/** What became of the calls of one UTC day. */
export interface CarrierDay {
  accepted: number;
  refused: number;
  later: number;
  unknown: number;
}

/** What an administrator should look at. */
export interface CarrierAlarm {
  code: string;
  message: string;
  since: Date;
}

interface Notes {
  health: CarrierHealth;
  today: CarrierDay;
  /** Of the tenant, whichever carrier. */
  alarms: readonly CarrierAlarm[];
}
type Provider<K extends keyof Notes> = (tenant: TenantId, carrier: string) => Promise<Notes[K]>;

const NOTHING: CarrierDay = { accepted: 0, refused: 0, later: 0, unknown: 0 };

/** What features that this one doesn't know have to say of a tenant's carrier; they register it. */
@Injectable()
export class CarrierNotes {
  private readonly providers: { [K in keyof Notes]?: Provider<K> } = {};

  register<K extends keyof Notes>(name: K, of: Provider<K>): void {
    Object.assign(this.providers, { [name]: of });
  }

  async health(
    { tenant, name, hold }: Pick<OpenAccount, 'tenant' | 'name' | 'hold'>,
    now: Date,
  ): Promise<CarrierHealth> {
    if (hold && hold.until > now) {
      const { code, until, reason } = hold;
      return { state: code === PARKED ? 'parked' : 'held', since: null, until, reason };
    }
    const told = await this.providers.health?.(tenant, name);
    return told ?? { state: 'ok', since: null, until: null, reason: null };
  }

  async today(tenant: TenantId, carrier: string): Promise<CarrierDay> {
    return (await this.providers.today?.(tenant, carrier)) ?? NOTHING;
  }

  async alarms(tenant: TenantId): Promise<readonly CarrierAlarm[]> {
    return (await this.providers.alarms?.(tenant, '')) ?? [];
  }
}
