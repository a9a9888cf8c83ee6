import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { SYSTEM } from '../domain/actor.js';
import type { InboundDoc } from '../inbound/inbound-message.js';
import { Cancellation } from '../messages/cancellation.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { OwnTexts, ownTextId, type OwnText } from '../messages/own-texts.js';
import { SettingsService } from '../tenants/settings.service.js';
import type { Participant, SessionDoc } from './session.js';
import { SessionsRepository } from './sessions.repository.js';
import type { TnDoc } from './tn.js';
import { TnRoutes, type Way } from './tn-routes.js';
import { TnsRepository } from './tns.repository.js';

/** A notice that comes an hour late confuses more than it says. */
const NOTICE_SECONDS = 3600;

/** What the gateway says itself: settings of the tenant. */
type Notice = 'session_start_msg' | 'session_end_msg' | 'no_session_msg' | 'not_relayed_msg';

/** A text to a participant, who gets it from the number that they know. */
export interface SessionText {
  to: Participant;
  because: OwnText['because'];
  text: string;
  ttlSeconds?: number;
}

/** A text that is too long for one message is several; `way`: null when nothing leaves by the number. */
export interface TextPart extends SessionText {
  way: Way | null;
}

/** Texts of masked conversations: messages of the gateway's own, sent once however often they are asked for. */
@Injectable()
export class SessionTexts {
  constructor(
    private readonly texts: OwnTexts,
    private readonly messages: MessagesRepository,
    private readonly cancellation: Cancellation,
    private readonly sessions: SessionsRepository,
    private readonly tns: TnsRepository,
    private readonly routes: TnRoutes,
    private readonly settings: SettingsService,
  ) {}

  async notice(tenant: TenantId, which: Notice): Promise<string> {
    return this.named(tenant, (await this.settings.get(tenant))[which]);
  }

  async named(tenant: TenantId, text: string): Promise<string> {
    return `[${(await this.settings.get(tenant)).org_name.toUpperCase()}]: ${text}`;
  }

  /** Each waits for the one before it to the same person. False when somebody can't be reached, since nothing leaves by their number. */
  async send(session: SessionDoc, texts: readonly SessionText[]): Promise<boolean> {
    return this.sendParts(session, await this.partsOf(session.tenant_id, texts));
  }

  /** The messages that the texts take. */
  async partsOf(tenant: TenantId, texts: readonly SessionText[]): Promise<TextPart[]> {
    const ways = await this.waysOf(tenant, texts);
    return texts.flatMap((text) => {
      const way = ways.get(text.to.tn) ?? null;
      const parts = split(text.text, way?.characters ?? null);
      return parts.map((part, i) => ({ ...text, way, text: part, because: partOf(text.because, i) }));
    });
  }

  /** As `send` does. */
  async sendParts(session: SessionDoc, parts: readonly TextPart[]): Promise<boolean> {
    const { tenant_id: tenant } = session;
    const known = await this.messages.fates(
      tenant,
      parts.map(({ because }) => ownTextId(because)),
    );
    const last = { ...session.last_texts };
    const set: Record<string, string> = {};
    for (const { to, because, text, ttlSeconds, way } of parts) {
      const id = ownTextId(because);
      if (known.has(id)) last[to.id] = id;
      if (!way || known.has(id)) continue;
      await this.texts.send({
        ...way,
        tenant,
        because,
        channel: to.channel,
        to: to.address,
        text,
        priority: 'HIGH',
        ttlSeconds: ttlSeconds ?? NOTICE_SECONDS,
        purpose: 'proxy',
        follows: last[to.id],
      });
      last[to.id] = id;
      set[`last_texts.${to.id}`] = id;
    }
    if (Object.keys(set).length > 0) await this.sessions.add(session, { $set: set });
    return parts.every(({ way }) => way);
  }

  /** All parts of it that haven't left. */
  async takeBack(tenant: TenantId, because: OwnText['because']): Promise<void> {
    for (let i = 0; await this.cancellation.cancel(tenant, ownTextId(partOf(because, i)), SYSTEM); i++);
  }

  /** Answers who wrote to a number of the pool, from that number. */
  async answer(tn: TnDoc, to: InboundDoc, purpose: string, text: string): Promise<void> {
    const way = await this.routes.wayOf(tn);
    if (!way) return;
    await this.texts.send({
      ...way,
      tenant: tn.tenant_id,
      because: { id: to._id, purpose },
      channel: to.channel ?? 'sms',
      to: to.from,
      text,
      priority: 'HIGH',
      ttlSeconds: NOTICE_SECONDS,
      purpose: 'proxy',
    });
  }

  private async waysOf(tenant: TenantId, texts: readonly SessionText[]) {
    const tns = await this.tns.byNumbers(tenant, [...new Set(texts.map(({ to }) => to.tn))]);
    return new Map(await Promise.all(tns.map(async (tn) => [tn.number, await this.routes.wayOf(tn)] as const)));
  }
}

function partOf({ id, purpose }: OwnText['because'], i: number): OwnText['because'] {
  return { id, purpose: i === 0 ? purpose : `${purpose}:${i}` };
}

/** A text that is too long for one message as several, at whole characters. */
function split(text: string, most: number | null): string[] {
  if (most === null || text.length <= most) return [text];
  const parts = [''];
  for (const character of text) {
    if (parts.at(-1)!.length + character.length > most) parts.push('');
    parts[parts.length - 1] += character;
  }
  return parts;
}
