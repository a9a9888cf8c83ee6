import { Injectable } from '@nestjs/common';
import { readWord } from '../domain/opt-out-words.js';
import { InboundHandlers, type Handled, type InboundHandler } from '../inbound/inbound-handlers.js';
import type { InboundDoc } from '../inbound/inbound-message.js';
import { SettingsService } from '../tenants/settings.service.js';
import { ReceivedTexts } from './received-texts.js';
import { TnRoutes } from './tn-routes.js';
import { UnknownTexts } from './unknown/unknown-texts.js';

const NUMBER = /^\+\d{5,15}$/;
/** Of the words that start texts again or ask for help, those that are no ordinary answer: a "yes" is for the other side. */
const NOT_FOR_OTHERS = ['start', 'unstop', 'help', 'bắt đầu', 'bắt đầu lại', 'trợ giúp'];

/** Texts to numbers of the pool: those of participants are passed on; for everybody else there is no session, unless the tenant's hook opens one. */
@Injectable()
export class ProxyHandler implements InboundHandler {
  readonly name = 'proxy';
  readonly order = 10;

  constructor(
    handlers: InboundHandlers,
    private readonly received: ReceivedTexts,
    private readonly unknown: UnknownTexts,
    private readonly routes: TnRoutes,
    private readonly settings: SettingsService,
  ) {
    handlers.register(this);
  }

  async handle(text: InboundDoc): Promise<Handled> {
    const { tenant_id: tenant, from } = text;
    const tn = await this.routes.writtenTo(text);
    // Nobody can answer a short code or a name.
    if (!tn || !NUMBER.test(from)) return 'pass';
    // Two of our own numbers would answer each other for ever.
    if ((await this.isForUs(text)) || (await this.routes.isOwn(tenant, from))) return 'taken';
    const asksHook = (await this.settings.get(tenant)).on_unknown === 'webhook';
    // What follows a text that the hook is still asked about waits behind it.
    if (asksHook && (await this.unknown.isWaiting(tn, from))) await this.unknown.put(tn, text);
    else if (await this.received.pass(tn, text)) return 'masked';
    else if (asksHook) await this.unknown.put(tn, text);
    else await this.received.sayNoSession(tn, text);
    return 'taken';
  }

  /** Words that concern the sending itself; opt-outs have acted on them. */
  private async isForUs({ tenant_id, keyword, text }: InboundDoc): Promise<boolean> {
    const read = readWord(text, (await this.settings.get(tenant_id)).opt_out_words);
    if (keyword === 'stop' || read?.keyword === 'stop') return true;
    return read !== null && NOT_FOR_OTHERS.includes(read.word);
  }
}
