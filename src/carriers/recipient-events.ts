import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Channel } from '../domain/channel.js';

/** What a provider has told of somebody's address, beside what became of one text. */
export interface RecipientEvent {
  tenant: TenantId;
  kind: 'opted_out' | 'dead_address';
  channel: Channel;
  address: string;
  /** By whom the text came; null: the account's sender isn't fixed. */
  sender: string | null;
  carrier: string;
  code: string;
  at: Date;
  /** When the text left that this is about: it may be told long after. */
  sent_at: Date;
}

/** Features that keep such facts register here. A listener may be told the same twice. */
@Injectable()
export class RecipientEvents {
  private readonly listeners: ((event: RecipientEvent) => Promise<void>)[] = [];

  register(listener: (event: RecipientEvent) => Promise<void>): void {
    this.listeners.push(listener);
  }

  /** @throws what a listener throws. */
  async tell(event: RecipientEvent): Promise<void> {
    for (const listener of this.listeners) await listener(event);
  }
}
