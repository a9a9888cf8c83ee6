import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Span } from '../domain/time.js';

/** The tenant's settings that say after how many days something goes; null: it stays. */
export type DaysSetting = 'blank_texts_after_days' | 'remove_messages_after_days' | 'remove_audit_logs_after_days';

/** What goes of a collection's rows when its days are over. Ids carry the time of creation, so all of it goes by whole hours. */
export interface Expirable {
  collection: string;
  /** `blank`: the texts go and the row stays. `remove`: the row goes. */
  does: 'blank' | 'remove';
  setting: DaysSetting;
  /** When the first row of the span was made that is of interest; null when there is none. */
  first(tenant: TenantId, span: Span): Promise<Date | null>;
  /**
   * Whether something of the hour is still under way. Then no row of it is removed, and the hour is looked at again; texts are taken
   * of what is through, now and once more when all of it is.
   */
  isUnderWay?(tenant: TenantId, hour: Span): Promise<boolean>;
  /**
   * One small batch of the hour: after the id `after`, or from the beginning. Answers the last id it came to, null when the hour is
   * through. Nothing is wrong with doing an hour again.
   */
  expire(tenant: TenantId, hour: Span, after: string | null): Promise<string | null>;
}

/** What expires: the owner of the data registers it, and retention, which knows no owner, walks it. */
@Injectable()
export class Expirables {
  private readonly known: Expirable[] = [];

  register(...expirables: readonly Expirable[]): void {
    this.known.push(...expirables);
  }

  /** What removes comes first: nobody need blank what goes. */
  get all(): readonly Expirable[] {
    return [...this.known].sort((a, b) => Number(a.does === 'blank') - Number(b.does === 'blank'));
  }
}
