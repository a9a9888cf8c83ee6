import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { CarrierEvent } from './carrier.js';

/** An event of an account, on its way into the store. */
export interface ReceivedEvent {
  tenant: TenantId;
  carrier: string;
  accountId: string;
  event: CarrierEvent;
  /** Worked through at once, or not before then. */
  dueAt?: Date;
}

/** Where events of providers go, however they came: by a callback, or from a carrier that is asked. `callbacks/` keeps them. */
@Injectable()
export class CarrierInbox {
  private keep: ((events: readonly ReceivedEvent[]) => Promise<void>) | null = null;

  register(keep: (events: readonly ReceivedEvent[]) => Promise<void>): void {
    this.keep = keep;
  }

  /** Once this returns they are stored; what was stored before is kept once. */
  async put(events: readonly ReceivedEvent[]): Promise<void> {
    if (!this.keep) throw new Error('Nobody keeps events of carriers');
    if (events.length > 0) await this.keep(events);
  }
}
