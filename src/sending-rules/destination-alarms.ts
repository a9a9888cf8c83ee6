import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { CarrierNotes, type CarrierAlarm } from '../carriers/carrier-notes.js';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { DestinationAlarmsRepository } from '../counters/destination-alarms.repository.js';
import { SYSTEM } from '../domain/actor.js';
import type { Growth } from '../domain/destination-growth.js';
import { DAY_MILLIS, later, utcDay } from '../domain/time.js';

export interface DestinationAlarm {
  /** Calling code and two digits more. */
  prefix: string;
  /** Texts of the last 24 hours, and of a day of the week before. */
  today: number;
  usual: number;
  since: Date;
}

/** Destinations abroad that suddenly get many texts: who is told, and which there are. */
@Injectable()
export class DestinationAlarms {
  private readonly watchers: ((tenant: TenantId) => void)[] = [];

  constructor(
    notes: CarrierNotes,
    private readonly repository: DestinationAlarmsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {
    notes.register('alarms', async (tenant) => (await this.current(tenant)).map(inWords));
  }

  /** Called for each new alarm; never throws. */
  watch(watcher: (tenant: TenantId) => void): void {
    this.watchers.push(watcher);
  }

  /** Told once for each destination and day. */
  async raise(tenant: TenantId, growth: Growth): Promise<void> {
    if (!(await this.repository.raise(tenant, growth, this.clock.now()))) return;
    const { destination: prefix, today, usual } = growth;
    await this.audit.recordSystem(tenant, SYSTEM, 'DESTINATION_ALARM', { prefix, today, usual });
    for (const watcher of this.watchers) watcher(tenant);
  }

  /** Those of the last 24 hours, one for each destination. */
  async current(tenant: TenantId): Promise<DestinationAlarm[]> {
    const now = this.clock.now();
    const yesterday = later(now, -DAY_MILLIS);
    const alarms = new Map<string, DestinationAlarm>();
    for (const { destination, today, usual, since } of await this.repository.ofTenant(tenant, [
      utcDay(yesterday),
      utcDay(now),
    ])) {
      if (since <= yesterday) continue;
      const first = alarms.get(destination);
      alarms.set(destination, { prefix: destination, today, usual, since: first?.since ?? since });
    }
    return [...alarms.values()];
  }
}

function inWords({ prefix, today, usual, since }: DestinationAlarm): CarrierAlarm {
  const message = `${today} texts to ${prefix}... in 24 hours; a usual day has ${Math.round(usual)}. Look whose they are, and set max_per_day_international.`;
  return { code: 'destination_growth', message, since };
}
