import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Principal } from '../auth/principal.js';
import { showAuditLog, type AuditAction, type AuditDoc } from './audit-log.js';
import { AuditRepository } from './audit.repository.js';

const ACTOR = { user: 'USER', client: 'API_KEY', agent: 'AGENT' } as const;
const FLUSH_MILLIS = 100;

/** Who did what, when. */
@Injectable()
export class AuditService implements BeforeApplicationShutdown {
  private readonly logger = new Logger(AuditService.name);
  private waiting: AuditDoc[] = [];
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /** Written before the caller is answered: for what people do. */
  record(actor: Principal, action: AuditAction, data: Record<string, unknown>): Promise<void> {
    return this.repository.insert(this.entry(actor, action, data));
  }

  /**
   * Written together a moment later: for what machines do thousands of times. A crash can lose the last tenth of a second of these
   * lines, never the thing they tell of (each message carries its own history).
   */
  recordSoon(actor: Principal, action: AuditAction, data: Record<string, unknown>): void {
    this.waiting.push(this.entry(actor, action, data));
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MILLIS);
  }

  /** For what happens before anybody is known, such as a failed login. */
  recordSystem(tenant: TenantId, actorId: string, action: AuditAction, data: Record<string, unknown>): Promise<void> {
    return this.repository.insert({
      ...this.stamp(),
      tenant_id: tenant,
      actor_type: 'SYSTEM',
      actor_id: actorId,
      action,
      data,
    });
  }

  async list(
    tenant: TenantId,
    filter: { action?: string },
    page: Page,
  ): Promise<List<ReturnType<typeof showAuditLog>>> {
    await this.flush();
    return listOf(
      await this.repository.list(tenant, filter, page.limit, page.skip, cursorId(page)),
      page,
      showAuditLog,
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  private flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const entries = this.waiting;
    this.waiting = [];
    if (entries.length > 0) {
      this.flushing = this.flushing
        .then(() => this.repository.insertAll(entries))
        .catch((error: unknown) => this.logger.error({ err: error }, `could not write ${entries.length} audit lines`));
    }
    return this.flushing;
  }

  private entry(actor: Principal, action: AuditAction, data: Record<string, unknown>): AuditDoc {
    return {
      ...this.stamp(),
      tenant_id: actor.tenant,
      actor_type: ACTOR[actor.kind],
      actor_id: actor.id,
      action,
      data,
    };
  }

  private stamp(): Pick<AuditDoc, '_id' | 'created_at'> {
    return { _id: newId('aud'), created_at: this.clock.now() };
  }
}
