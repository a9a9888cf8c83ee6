import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { RecipientEvents, type RecipientEvent } from '../carriers/recipient-events.js';
import { OptOuts } from './opt-outs.js';

/** What carriers tell of opt-outs: they stand between the recipient and one sender, at the carrier. */
@Injectable()
export class CarrierOptOuts {
  constructor(
    events: RecipientEvents,
    private readonly optOuts: OptOuts,
    private readonly audit: AuditService,
  ) {
    events.register((event) => this.hear(event));
  }

  private async hear({ tenant, kind, channel, address, carrier, code, ...event }: RecipientEvent): Promise<void> {
    if (kind !== 'opted_out' || (channel !== 'sms' && channel !== 'whatsapp')) return;
    // Without a sender of its own, the account at the carrier is what the recipient has stopped.
    const sender = event.sender ?? `carrier:${carrier}`;
    const [isNew] = await this.optOuts.add(tenant, [{ number: address, sender, source: 'carrier', carrier, code }]);
    if (isNew)
      await this.audit.recordSystem(tenant, `carrier:${carrier}`, 'ADD_OPT_OUT', { number: address, sender, code });
    await this.optOuts.failWaiting(tenant, address);
  }
}
