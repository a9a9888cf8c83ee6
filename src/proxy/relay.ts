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
    const others = present(session).filter(({ id, joining }) => id !== from.id && !joining);
    if (others.length === 0) return false;
    const text = others.length > 1 ? `${nameOf(session, from)}: ${received.text}` : received.text;
    const texts = others.map((to) => ({
      to,
      because: relayOf(received, to),
      text,
      ttlSeconds: message_ttl_hours * 3600,
    }));
    const parts = await this.texts.partsOf(session.tenant_id, texts);
    const now = this.clock.now();
    const noted = await this.sessions.add(session, {
      $push: { unsettled: { $each: parts.map(({ because }) => `${ownTextId(because)}|${from.id}|${received._id}`) } },
      $max: { last_text_at: now },
      $min: { due_at: later(now, FIRST_LOOK_MILLIS) },
    });
    const isGone = goneFrom(noted ?? session);
    const isComplete = await this.texts.sendParts(
      noted ?? session,
      parts.filter(({ to }) => !isGone(to)),
    );
    await this.takeBack(session, received);
    return isComplete;
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

  /** Somebody may have been removed since it came: what was stored for them later than that is found by nobody else. */
  private async takeBack({ tenant_id, _id }: SessionDoc, received: InboundDoc): Promise<void> {
    const seen = await this.sessions.byId(tenant_id, _id);
    const gone = seen?.participants.filter(({ left_at }) => left_at && left_at >= received.created_at) ?? [];
    for (const one of gone) await this.texts.takeBack(tenant_id, relayOf(received, one));
  }
}

function relayOf({ _id: id }: InboundDoc, to: Participant) {
  return { id, purpose: `relay:${to.id}` };
}

function goneFrom(session: SessionDoc): (one: Participant) => boolean {
  const ids = new Set(present(session).map(({ id }) => id));
  return ({ id }) => !ids.has(id);
}

/** Never the number. */
function nameOf({ participants }: SessionDoc, { id, name }: Participant): string {
  return name ?? `Participant ${participants.findIndex((one) => one.id === id) + 1}`;
}
