import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Span } from '../domain/time.js';

/** The tenant's settings that say after how many days data is removed; null: never. */
export type DaysSetting = 'blank_texts_after_days' | 'remove_messages_after_days' | 'remove_audit_logs_after_days';

/** How old rows of a collection are blanked or removed. Ids contain the time of creation, so this is done by whole hours. */
export interface Expirable {
  collection: string;
  /** `blank` removes the texts and keeps the row; `remove` removes the row. */
  does: 'blank' | 'remove';
  setting: DaysSetting;
  /** When the first relevant row of the span was created; null when there is none. */
  first(tenant: TenantId, span: Span): Promise<Date | null>;
  /**
   * Whether a row of the hour is still in use. Then no row of the hour is removed, and the hour is checked again later; texts of finished
   * rows are removed now, and the others once all rows are finished.
   */
  isUnderWay?(tenant: TenantId, hour: Span): Promise<boolean>;
  /**
   * Does one small batch of the hour: after the id `after`, or from the beginning. Returns the last id of the batch, or null when the hour
   * is done. It is safe to do an hour again.
   */
  expire(tenant: TenantId, hour: Span, after: string | null): Promise<string | null>;
}

/**
 * Rows that an index of their own finds, and that leave it when they are done: each pass goes through all that are in it and old enough, so
 * it needs no hours, and what is still in use is met again by the next pass.
 */
export interface Sweep {
  setting: 'blank_relayed_texts_after_days';
  /** Does one small batch of what was created before that time: after the id `after`, or from the beginning. Answers as `expire` does above. */
  expire(tenant: TenantId, before: Date, after: string | null): Promise<string | null>;
}

/** The registry of data that expires: the owner of the data registers it, and retention, which doesn't know the owners, removes it. */
@Injectable()
export class Expirables {
  private readonly known: Expirable[] = [];
  private readonly knownSweeps: Sweep[] = [];

  register(...expirables: readonly Expirable[]): void {
    this.known.push(...expirables);
  }

  registerSweep(sweep: Sweep): void {
    this.knownSweeps.push(sweep);
  }

  get sweeps(): readonly Sweep[] {
    return this.knownSweeps;
  }

  /** Removals come first: rows that are removed needn't be blanked. */
  get all(): readonly Expirable[] {
    return [...this.known].sort((a, b) => Number(a.does === 'blank') - Number(b.does === 'blank'));
  }
}
