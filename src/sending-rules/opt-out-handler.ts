import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { CarrierAccounts } from '../carriers/carrier-accounts.js';
import { SYSTEM } from '../domain/actor.js';
import { readWord, type Keyword, type ReadWord } from '../domain/opt-out-words.js';
import { InboundHandlers, type Handled, type InboundHandler } from '../inbound/inbound-handlers.js';
import type { InboundDoc } from '../inbound/inbound-message.js';
import { SettingsService } from '../tenants/settings.service.js';
import type { Settings } from '../tenants/settings.js';
import { Confirmation } from './confirmation.js';
import { routeOf } from './inbound-sender.js';
import { optOutKey, recipientOf } from './opt-out.js';
import { OptOuts } from './opt-outs.js';
import { OptOutsRepository } from './opt-outs.repository.js';

const NUMBER = /^\+\d{5,15}$/;

type Word = Omit<ReadWord, 'word'> & { word: string | null };

/**
 * Stop and start words in received texts. Every text goes on to the next handler: who relays texts has to know that one was a STOP. Short
 * codes and names can't opt out, since nothing is sent to them.
 */
@Injectable()
export class OptOutHandler implements InboundHandler {
  readonly name = 'opt-outs';
  readonly order = 0;

  constructor(
    handlers: InboundHandlers,
    private readonly settings: SettingsService,
    private readonly optOuts: OptOuts,
    private readonly repository: OptOutsRepository,
    private readonly confirmation: Confirmation,
    private readonly accounts: CarrierAccounts,
    private readonly audit: AuditService,
  ) {
    handlers.register(this);
  }

  async handle(text: InboundDoc): Promise<Handled> {
    if (!NUMBER.test(text.from)) return 'pass';
    const settings = await this.settings.get(text.tenant_id);
    const word = text.keyword ? ofCarrier(text.keyword) : readWord(text.text, settings.opt_out_words);
    if (word?.keyword === 'stop') await this.stop(text, settings, word);
    if (word?.keyword === 'start') await this.start(text);
    return 'pass';
  }

  private async stop(text: InboundDoc, settings: Settings, { word, language }: Word): Promise<void> {
    const { tenant_id: tenant, from: number, _id: inbound_id } = text;
    const writtenTo = settings.opt_out_scope === 'sender' ? await this.sendersOf(text) : [];
    const senders = writtenTo.length > 0 ? writtenTo : [null];
    const carrier = text.carrier ?? null;
    const added = await this.optOuts.add(
      tenant,
      senders.map((sender) => ({ number, sender, source: 'keyword', word, carrier, inbound_id })),
    );
    const data = { number, senders: writtenTo, word, inbound_id };
    if (added.includes(true)) await this.audit.recordSystem(tenant, SYSTEM, 'ADD_OPT_OUT', data);
    if (added.includes(true) || (await this.isOf(text, senders)))
      await this.confirmation.send(text, settings, language);
    await this.optOuts.failWaiting(tenant, number);
  }

  /** Whether this text has opted out before: then a gateway may have died before it was confirmed. */
  private async isOf({ tenant_id, from, _id }: InboundDoc, senders: readonly (string | null)[]): Promise<boolean> {
    const recipient = recipientOf(tenant_id, 'sms', from)!;
    const there = await this.repository.byKeys(
      tenant_id,
      senders.map((sender) => optOutKey(recipient, sender)),
    );
    return there.some(({ inbound_id }) => inbound_id === _id);
  }

  private async start(text: InboundDoc): Promise<void> {
    const { tenant_id: tenant, from: number, _id: inbound_id } = text;
    const removed = await this.optOuts.remove(tenant, number, [null, ...(await this.sendersOf(text))]);
    if (removed > 0) await this.audit.recordSystem(tenant, SYSTEM, 'REMOVE_OPT_OUT', { number, removed, inbound_id });
  }

  /**
   * The senders that the text may have been written to. None for a text that a phone received: what a phone sends has no fixed sender, so
   * an opt-out of one sender would stop nothing.
   */
  private async sendersOf(text: InboundDoc): Promise<string[]> {
    if (!text.carrier) return [];
    const account = await this.accounts.find(text.tenant_id, text.carrier);
    return [...new Set([text.to ?? '', account?.sender ?? routeOf(text)])].filter((sender) => sender !== '');
  }
}

function ofCarrier(keyword: Keyword): Word {
  return { keyword, word: null, language: null };
}
