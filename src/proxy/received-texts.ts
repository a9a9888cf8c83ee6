import { Injectable } from '@nestjs/common';
import type { InboundDoc } from '../inbound/inbound-message.js';
import { Relay } from './relay.js';
import { present } from './session.js';
import { Sessions } from './sessions.js';
import { SessionTexts } from './session-texts.js';
import type { TnDoc } from './tn.js';

/** What becomes of a text to a number of the pool; each of them once for each text. */
@Injectable()
export class ReceivedTexts {
  constructor(
    private readonly sessions: Sessions,
    private readonly relay: Relay,
    private readonly texts: SessionTexts,
  ) {}

  /** Passes it on in the writer's session, or tells the writer that it can't be. Null: there is no session, and no gateway had begun to pass it on. */
  async pass(tn: TnDoc, text: InboundDoc): Promise<'relayed' | 'not relayed' | null> {
    const { tenant_id: tenant, from } = text;
    const session = await this.sessions.withClaim(tenant, tn.number, from);
    const writer = session && present(session).find((one) => one.tn === tn.number && one.address === from);
    if (!session || !writer) return (await this.relay.finish(tn.number, text)) ? 'relayed' : null;
    // A picture alone can't be passed on.
    if (text.text.trim() !== '' && (await this.relay.pass(session, writer, text))) return 'relayed';
    await this.texts.answer(tn, text, 'not relayed', await this.texts.notice(tenant, 'not_relayed_msg'));
    return 'not relayed';
  }

  async sayNoSession(tn: TnDoc, text: InboundDoc): Promise<void> {
    await this.texts.answer(tn, text, 'no session', await this.texts.notice(text.tenant_id, 'no_session_msg'));
  }
}
