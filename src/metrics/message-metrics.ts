import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Candidate } from '../messages/candidate.js';
import { MessageEvents } from '../messages/message-events.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { Metrics } from './metrics.js';

/** How many tenants get a label; each one costs some twenty series. */
const MOST_TENANTS = 20;
const OTHER = 'other';

/** Counts every move of a message and the reports after its last move, and measures how long messages wait for their first lease. */
@Injectable()
export class MessageMetrics implements OnApplicationBootstrap {
  /** Labels by tenant. A label stays until the next start, because a counter that changed its name would jump. */
  private readonly labels = new Map<string, string>();

  constructor(
    private readonly metrics: Metrics,
    private readonly events: MessageEvents,
    private readonly tenants: TenantsService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.nameTenants();
    this.events.watch((message, from, to, at) => {
      const route = routeKind(message);
      this.metrics.moved.of(to, route, this.labelOf(message)).count++;
      if (from === 'PENDING' && to === 'ASSIGNED') this.metrics.leased.of(route).observe(waited(message, at));
    });
    this.events.watchOutcomes((message, outcome) => {
      this.metrics.told.of(outcome, routeKind(message), this.labelOf(message)).count++;
    });
  }

  /** The first tenants by name get a label of their own as long as there is room; all others share one. */
  async nameTenants(): Promise<void> {
    if (this.labels.size >= MOST_TENANTS) return;
    for (const { _id, slug } of await this.tenants.firstBySlug(MOST_TENANTS)) {
      if (this.labels.size < MOST_TENANTS && !this.labels.has(_id)) this.labels.set(_id, slug);
    }
  }

  private labelOf({ tenant_id }: Candidate): string {
    return this.labels.get(tenant_id) ?? OTHER;
  }
}

/** `agent`, `group` or `carrier`: the part of the queue's key after the tenant. */
function routeKind({ queue, tenant_id }: Candidate): string {
  const start = tenant_id.length + 1;
  return queue.slice(start, queue.indexOf(':', start));
}

function waited({ created_at, schedule_at }: Candidate, leased: Date): number {
  const due = schedule_at && schedule_at > created_at ? schedule_at : created_at;
  return Math.max(0, leased.getTime() - due.getTime()) / 1000;
}
