import { Injectable } from '@nestjs/common';
import { readWord } from '../domain/opt-out-words.js';
import { InboundHandlers, type Handled, type InboundHandler } from '../inbound/inbound-handlers.js';
import type { InboundDoc } from '../inbound/inbound-message.js';
import { SettingsService } from '../tenants/settings.service.js';
import { Relay } from './relay.js';
import { present } from './session.js';
import { SessionTexts } from './session-texts.js';
import { Sessions } from './sessions.js';
import { TnRoutes } from './tn-routes.js';

const NUMBER = /^\+\d{5,15}$/;
/** Of the words that start texts again or ask for help, those that are no ordinary answer: a "yes" is for the other side. */
const NOT_FOR_OTHERS = ['start', 'unstop', 'help', 'bắt đầu', 'bắt đầu lại', 'trợ giúp'];

/** Texts to numbers of the pool: those of participants are passed on, and everybody else is told that there is no session. */
@Injectable()
export class ProxyHandler implements InboundHandler {
  readonly name = 'proxy';
  readonly order = 10;

  constructor(
    handlers: InboundHandlers,
    private readonly sessions: Sessions,
    private readonly relay: Relay,
    private readonly routes: TnRoutes,
    private readonly texts: SessionTexts,
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
    const session = await this.sessions.withClaim(tenant, tn.number, from);
    const writer = session && present(session).find((one) => one.tn === tn.number && one.address === from);
    if (!session || !writer) {
      if (await this.relay.finish(tn.number, text)) return 'taken';
      await this.texts.answer(tn, text, 'no session', await this.texts.notice(tenant, 'no_session_msg'));
      return 'taken';
    }
    // A picture alone can't be passed on.
    const isPassed = text.text.trim() !== '' && (await this.relay.pass(session, writer, text));
    if (!isPassed) await this.texts.answer(tn, text, 'not relayed', await this.texts.notice(tenant, 'not_relayed_msg'));
    return 'taken';
  }

  /** Words that concern the sending itself; opt-outs have acted on them. */
  private async isForUs({ tenant_id, keyword, text }: InboundDoc): Promise<boolean> {
    const read = readWord(text, (await this.settings.get(tenant_id)).opt_out_words);
    if (keyword === 'stop' || read?.keyword === 'stop') return true;
    return read !== null && NOT_FOR_OTHERS.includes(read.word);
  }
}
