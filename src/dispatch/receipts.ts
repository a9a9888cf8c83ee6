import { Injectable } from '@nestjs/common';
import { readAttemptId, type Receipt } from '../carriers/carrier.js';
import { CarrierAccounts } from '../carriers/carrier-accounts.js';
import { RecipientEvents } from '../carriers/recipient-events.js';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import { later } from '../domain/time.js';
import { CarrierReports, type CarrierReport } from '../messages/carrier-reports.js';
import type { MessageDoc } from '../messages/message.js';

export interface ReceiptOf {
  tenant: TenantId;
  carrier: string;
  accountId: string;
}

/** What receipts do to messages, however they came: by a callback or by asking. */
@Injectable()
export class Receipts {
  constructor(
    private readonly reports: CarrierReports,
    private readonly accounts: CarrierAccounts,
    private readonly recipients: RecipientEvents,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Never regresses, and may be repeated. `unknown`: no message is known by its attempt or by the provider's id; it may be the receipt
   * of a text whose answer isn't written yet, so ask again for a while.
   */
  async apply(
    of: ReceiptOf,
    receipt: Receipt,
    asking: Pick<CarrierReport, 'receiptDueAt' | 'asked'> = {},
  ): Promise<'applied' | 'unknown'> {
    const { state, ref, code, reason, price } = receipt;
    const message = await this.reports.apply(of.tenant, {
      state: state === 'none' ? null : state,
      carrier: { name: of.carrier, account: of.accountId, ...(ref === null ? {} : { ref }) },
      attempt: receipt.attempt === null ? null : readAttemptId(receipt.attempt),
      code,
      ...(reason ? { reason } : {}),
      ...(price ? { price } : {}),
      askFrom: later(this.clock.now(), this.config.RECEIPT_POLL_SECONDS * 1000),
      ...asking,
    });
    if (!message) return 'unknown';
    await this.tellOfRecipient(of, receipt, message);
    return 'applied';
  }

  private async tellOfRecipient(of: ReceiptOf, receipt: Receipt, message: MessageDoc): Promise<void> {
    const kind = receipt.opt_out ? 'opted_out' : receipt.dead_address ? 'dead_address' : null;
    if (!kind) return;
    const account = await this.accounts.find(of.tenant, of.carrier);
    await this.recipients.tell({
      tenant: of.tenant,
      kind,
      channel: message.channel ?? 'sms',
      address: message.to,
      sender: message.from ?? account?.sender ?? null,
      carrier: of.carrier,
      code: receipt.code ?? '',
      at: this.clock.now(),
      sent_at: message.lease?.call_started_at ?? message.created_at,
    });
  }
}
