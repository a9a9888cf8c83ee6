import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { idMaker } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { FailWaiting } from '../messages/fail-waiting.js';
import { optOutKey, recipientOf, type OptOutDoc, type OptOutSource } from './opt-out.js';
import { OptOutGate } from './opt-out-gate.js';
import { OptOutLookup } from './opt-out-lookup.js';
import { OptOutsRepository } from './opt-outs.repository.js';

/** Told of every number whose opt-outs were taken back, by whomever; perhaps it had none. */
export type TakenBack = (tenant: TenantId, number: string) => Promise<void>;

export interface NewOptOut {
  number: string;
  sender: string | null;
  source: OptOutSource;
  reason?: string | null | undefined;
  word?: string | null;
  carrier?: string | null;
  code?: string | null;
  inbound_id?: string | null;
}

/** Adds and removes opt-outs, whoever asks for it. */
@Injectable()
export class OptOuts {
  private readonly logger = new Logger(OptOuts.name);
  private readonly nextId: () => string;
  private readonly listeners: TakenBack[] = [];

  constructor(
    private readonly repository: OptOutsRepository,
    private readonly lookup: OptOutLookup,
    private readonly gate: OptOutGate,
    private readonly waiting: FailWaiting,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('opt', () => clock.now());
  }

  whenTakenBack(listener: TakenBack): void {
    this.listeners.push(listener);
  }

  /** Says for each whether it is new; what is there stays as it is. */
  async add(tenant: TenantId, optOuts: readonly NewOptOut[]): Promise<boolean[]> {
    const there = new Set(await this.repository.insertMissing(optOuts.map((optOut) => this.document(tenant, optOut))));
    this.lookup.forget(tenant);
    return optOuts.map((_, i) => !there.has(i));
  }

  /** What waits for the number and is stopped fails at once. If that can't be done now, the gate does it when a message is due. */
  async failWaiting(tenant: TenantId, number: string): Promise<void> {
    try {
      await this.waiting.to(tenant, number, this.gate);
    } catch (error) {
      this.logger.error({ err: error }, 'could not fail what waits for a number that has opted out; the gate will');
    }
  }

  /** Returns how many there were. */
  async remove(tenant: TenantId, number: string, senders: readonly (string | null)[] | 'all'): Promise<number> {
    const recipient = recipientOf(tenant, 'sms', number)!;
    const removed =
      senders === 'all'
        ? await this.repository.removeAll(tenant, recipient)
        : await this.repository.remove(
            tenant,
            senders.map((sender) => optOutKey(recipient, sender)),
          );
    for (const listener of this.listeners) await listener(tenant, number);
    return removed;
  }

  private document(tenant: TenantId, { number, sender, source, ...more }: NewOptOut): OptOutDoc {
    const recipient = recipientOf(tenant, 'sms', number)!;
    return {
      _id: optOutKey(recipient, sender),
      opt_out_id: this.nextId(),
      tenant_id: tenant,
      recipient,
      number,
      sender,
      source,
      reason: more.reason ?? null,
      word: more.word ?? null,
      carrier: more.carrier ?? null,
      code: more.code ?? null,
      inbound_id: more.inbound_id ?? null,
      created_at: this.clock.now(),
    };
  }
}
