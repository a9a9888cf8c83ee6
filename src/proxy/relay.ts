import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { later } from '../domain/time.js';
import type { InboundDoc } from '../inbound/inbound-message.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { ownTextId } from '../messages/own-texts.js';
import { SettingsService } from '../tenants/settings.service.js';
import { present, type Participant, type SessionDoc } from './session.js';
import { SessionTexts } from './session-texts.js';
import { SessionsRepository } from './sessions.repository.js';

const FIRST_LOOK_MILLIS = 5000;
/** Sessions that somebody may have been in since. */
const RECENT = 20;

/** Passes a text on to everybody else in the session. */
@Injectable()
export class Relay {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
    private readonly texts: SessionTexts,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  /** Once for each received text; false when it can't go to everybody. It is noted first who wrote what, so that they are told when it can't be sent. */
  async pass(session: SessionDoc, from: Participant, received: InboundDoc): Promise<boolean> {
    const { message_ttl_hours } = await this.settings.get(session.tenant_id);
    const all = present(session);
    const text = all.length > 2 ? `${nameOf(session, from)}: ${received.text}` : received.text;
    const texts = all
      .filter(({ id }) => id !== from.id)
      .map((to) => ({ to, because: relayOf(received, to), text, ttlSeconds: message_ttl_hours * 3600 }));
    const parts = await this.texts.partsOf(session.tenant_id, texts);
    const now = this.clock.now();
    const noted = await this.sessions.add(session, {
      $push: { unsettled: { $each: parts.map(({ because }) => `${ownTextId(because)}|${from.id}|${received._id}`) } },
      $max: { last_text_at: now },
      $min: { due_at: later(now, FIRST_LOOK_MILLIS) },
    });
    return this.texts.sendParts(noted ?? session, parts);
  }

  /** Passes on what is left of a text whose session ended while a gateway died in the middle of it. False: nobody had begun. */
  async finish(tn: string, received: InboundDoc): Promise<boolean> {
    const { tenant_id: tenant, from: address } = received;
    for (const session of await this.sessions.ofAddress(tenant, address, 'closed', RECENT)) {
      const from = session.participants.find((one) => one.tn === tn && one.address === address);
      const ids = from ? session.participants.map((to) => ownTextId(relayOf(received, to))) : [];
      if (!from || (await this.messages.fates(tenant, ids)).size === 0) continue;
      await this.pass(session, from, received);
      return true;
    }
    return false;
  }
}

function relayOf({ _id: id }: InboundDoc, to: Participant) {
  return { id, purpose: `relay:${to.id}` };
}

/** Never the number. */
function nameOf({ participants }: SessionDoc, { id, name }: Participant): string {
  return name ?? `Participant ${participants.findIndex((one) => one.id === id) + 1}`;
}
