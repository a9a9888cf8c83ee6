import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { idMaker } from '../common/ids.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import { minuteOf } from '../domain/time.js';
import type { Principal } from '../auth/principal.js';
import { showAuditLog, type AuditAction, type AuditDoc } from './audit-log.js';
import { AuditRepository } from './audit.repository.js';
import { CountedLines, type CountedLine } from './counted-lines.js';

const ACTOR = { user: 'USER', client: 'API_KEY', agent: 'AGENT', system: 'SYSTEM' } as const;
const FLUSH_MILLIS = 100;
const AGAIN_MILLIS = 1000;
/** How many lines wait while the store refuses them; older ones are dropped, and then only the log mentions them. */
const MOST_WAITING = 10_000;

/** The gateway itself, for a command; `id` names it. */
export interface SystemActor {
  kind: 'system';
  id: string;
  tenant: TenantId;
}

/** Who did what, when. */
@Injectable()
export class AuditService implements OnApplicationShutdown {
  private readonly logger = new Logger(AuditService.name);
  private readonly nextId: () => string;
  private readonly lines = new CountedLines();
  private waiting: AuditDoc[] = [];
  /** The counted lines whose count has changed since they were written. */
  private counted = new Set<AuditDoc>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: AuditRepository,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('aud', () => clock.now());
  }

  /**
   * For actions of people: writes the line before the caller is answered. If the line can't be written, the action stays done; the failure
   * is logged, the write is retried, and the caller gets the answer for the action.
   */
  record(actor: Principal, action: AuditAction, data: Record<string, unknown>): Promise<void> {
    return this.write(this.entry(actor, action, data));
  }

  private async write(entry: AuditDoc): Promise<void> {
    try {
      await this.repository.insert(entry);
    } catch (error) {
      this.logger.error(
        { err: error },
        `could not write the audit line ${entry._id} (${entry.action}); the write is retried`,
      );
      this.wait([entry], AGAIN_MILLIS);
    }
  }

  /** For actions that must leave a trace (a secret, an export, a token): if the line can't be written, the action doesn't happen. */
  recordFirst(actor: Principal | SystemActor, action: AuditAction, data: Record<string, unknown>): Promise<void> {
    return this.repository.insert(this.entry(actor, action, data));
  }

  /**
   * For frequent actions of machines: writes lines together a moment later. A crash can lose the last tenth of a second of these lines, but
   * never the action itself (each message has its own history).
   */
  recordSoon(actor: Principal, action: AuditAction, data: Record<string, unknown>): void {
    this.wait([this.entry(actor, action, data)], FLUSH_MILLIS);
  }

  /** For what the gateway does by itself, because of a text or a carrier's word; `actorId` says why. As safe as `record`. */
  recordSystem(
    tenant_id: TenantId,
    actor_id: string,
    action: AuditAction,
    data: Record<string, unknown>,
  ): Promise<void> {
    return this.write({ ...this.stamp(), tenant_id, actor_type: 'SYSTEM', actor_id, action, data });
  }

  /**
   * For events before the caller is known, such as a failed login: the answer doesn't wait for the line, so its duration reveals nothing.
   * Strangers can repeat them without limit, so equal events of one minute share one line with a count.
   */
  countSystemSoon(tenant_id: TenantId, actor_id: string, action: AuditAction, data: Record<string, unknown>): void {
    const minute = minuteOf(this.clock.now()).getTime();
    const make = (line: CountedLine): AuditDoc => ({ ...this.stamp(), actor_type: 'SYSTEM', ...line });
    this.counted.add(this.lines.count({ tenant_id, actor_id, action, data }, minute, make));
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MILLIS);
  }

  async list(
    tenant: TenantId,
    actions: readonly AuditAction[] | undefined,
    page: Page,
  ): Promise<List<ReturnType<typeof showAuditLog>>> {
    await this.flush();
    return listOf(
      await this.repository.list(tenant, actions, { limit: page.limit, skip: page.skip, before: cursorId(page) }),
      page,
      showAuditLog,
    );
  }

  /** Called after the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.flush();
    clearTimeout(this.timer);
  }

  private wait(entries: readonly AuditDoc[], millis: number): void {
    this.waiting.push(...entries);
    if (this.waiting.length > MOST_WAITING) this.waiting = this.waiting.slice(-MOST_WAITING);
    this.timer ??= setTimeout(() => void this.flush(), millis);
  }

  private flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const entries = this.waiting;
    this.waiting = [];
    const counted = [...this.counted];
    this.counted = new Set();
    if (counted.length > 0) this.flushing = this.flushing.then(() => this.writeCounted(counted));
    if (entries.length > 0) {
      this.flushing = this.flushing
        .then(() => this.repository.insertAll(entries))
        .catch((error: unknown) => {
          this.logger.error({ err: error }, `could not write ${entries.length} audit lines; the write is retried`);
          this.wait(entries, AGAIN_MILLIS);
        });
    }
    return this.flushing;
  }

  private async writeCounted(lines: readonly AuditDoc[]): Promise<void> {
    try {
      for (const line of lines) await this.repository.put(line);
    } catch (error) {
      this.logger.error({ err: error }, 'could not write counted audit lines; the write is retried');
      if (this.counted.size < MOST_WAITING) for (const line of lines) this.counted.add(line);
      this.timer ??= setTimeout(() => void this.flush(), AGAIN_MILLIS);
    }
  }

  private entry(actor: Principal | SystemActor, action: AuditAction, data: Record<string, unknown>): AuditDoc {
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
    return { _id: this.nextId(), created_at: this.clock.now() };
  }
}
