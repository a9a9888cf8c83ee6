import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import type { InboundDoc } from '../../inbound/inbound-message.js';
import { claimOf } from '../session.js';
import type { TnDoc } from '../tn.js';
import { UnknownTextsRepository } from './unknown-texts.repository.js';
import { UnknownTextsWorker } from './unknown-texts.worker.js';

/** Texts that wait for the tenant's hook. */
@Injectable()
export class UnknownTexts {
  constructor(
    private readonly repository: UnknownTextsRepository,
    private readonly worker: UnknownTextsWorker,
    private readonly clock: Clock,
  ) {}

  async isWaiting({ tenant_id, number }: TnDoc, from: string): Promise<boolean> {
    return (await this.repository.firstOf(tenant_id, claimOf(number, from))) !== null;
  }

  async put({ number: tn }: TnDoc, { _id, tenant_id, from }: InboundDoc): Promise<void> {
    const due_at = this.clock.now();
    await this.repository.insertMissing({ _id, tenant_id, tn, side: claimOf(tn, from), tries: 0, due_at });
    this.worker.wake();
  }
}
