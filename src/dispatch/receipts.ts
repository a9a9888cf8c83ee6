import { Injectable } from '@nestjs/common';
import type { Receipt } from '../carriers/carrier.js';
import type { TenantId } from '../common/tenant-id.js';

export interface ReceiptOf {
  tenant: TenantId;
  carrier: string;
  accountId: string;
}

/** What receipts do to messages, however they came: by a callback or by asking. */
@Injectable()
export class Receipts {
  /**
   * Never regresses, and may be repeated. `unknown`: no message is known by its attempt or by the provider's id; it may be the receipt
   * of a text whose answer isn't written yet, so ask again for a while.
   */
  async apply(_of: ReceiptOf, _receipt: Receipt): Promise<'applied' | 'unknown'> {
    return 'unknown';
  }
}
