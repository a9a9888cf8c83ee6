import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { pause } from '../common/pause.js';
import { toGsm7 } from '../domain/gsm7.js';
import { parsePhoneNumber } from '../domain/phone-number.js';
import { later, MINUTE_MILLIS } from '../domain/time.js';
import type { MessageDoc } from '../messages/message.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { OwnTexts } from '../messages/own-texts.js';
import { numberRules } from '../tenants/number-rules.js';
import { SettingsService } from '../tenants/settings.service.js';
import type { AgentDoc } from './agent.js';
import { AgentDirectory } from './agent-directory.js';
import { AgentOverviewService } from './agent-overview.service.js';

/** A test that comes after the person has gone tells nobody anything. */
const TTL_SECONDS = 600;
const LOOK_MILLIS = 500;
const WAIT_MILLIS = 2 * MINUTE_MILLIS;
/** Many networks never tell of a delivery. */
const RECEIPT_MILLIS = 30_000;

type Say = (line: string) => void;

/** One text through a phone for somebody who watches what becomes of it. */
@Injectable()
export class TestText {
  constructor(
    private readonly directory: AgentDirectory,
    private readonly overview: AgentOverviewService,
    private readonly texts: OwnTexts,
    private readonly messages: MessagesRepository,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  /** Says each state that it reaches. @throws Error that says why it wasn't sent, or what to look at when it still waits. */
  async send(agentId: string, typed: string, say: Say, signal: AbortSignal): Promise<void> {
    const agent = await this.directory.byId(agentId);
    if (!agent?.is_active) throw new Error(`There is no active phone ${agentId}. Look into GET /admin/agents.`);
    const settings = await this.settings.get(agent.tenant_id);
    const to = parsePhoneNumber(typed, numberRules(settings, { blockInternational: settings.block_international }));
    if ('problem' in to) throw new Error(`${typed} ${to.problem}.`);
    const id = await this.texts.send({
      tenant: agent.tenant_id,
      because: { id: newId('req'), purpose: 'test of a phone' },
      to: to.e164,
      text: toGsm7(`${settings.org_name}: a test. This phone sends texts.`),
      route: `agent:${agentId}`,
      priority: 'HIGH',
      ttlSeconds: TTL_SECONDS,
    });
    say(`PENDING: ${id} to ${to.e164} waits for the phone to fetch it.`);
    await this.watch(agent, id, say, signal);
  }

  private async watch(agent: AgentDoc, id: string, say: Say, signal: AbortSignal): Promise<void> {
    const until = later(this.clock.now(), WAIT_MILLIS);
    for (let told = 'PENDING'; ; await pause(LOOK_MILLIS, signal)) {
      signal.throwIfAborted();
      const message = await this.messages.byId(agent.tenant_id, id);
      if (!message) throw new Error(`The text ${id} was removed.`);
      const { status, delivery, sent_at } = message;
      const failure = failureOf(message);
      if (failure) throw new Error(failure);
      if (status !== told) say(`${status}${WORDS[status] ? `: ${WORDS[status]}` : ''}`);
      told = status;
      if (status === 'DELIVERED' || delivery?.outcome === 'delivered') return;
      const now = this.clock.now();
      if (status === 'SENT' && now >= later(sent_at ?? now, RECEIPT_MILLIS))
        return say('No word of its delivery yet. Many networks send none.');
      if (status !== 'SENT' && now >= until) throw new Error(await this.whyWaiting(agent, message));
    }
  }

  private async whyWaiting(agent: AgentDoc, { _id, status, waiting, expires_at }: MessageDoc): Promise<string> {
    const { summary, advice } = await this.overview.get({ tenant: agent.tenant_id }, agent._id);
    const open = `${status}: ${_id} has not left after ${WAIT_MILLIS / MINUTE_MILLIS} minutes. It ends at ${expires_at.toISOString()}.`;
    const held = waiting
      ? [`It is put off until ${waiting.until.toISOString()} (${waiting.code}: ${waiting.reason}).`]
      : [];
    return [open, ...held, ...summary, ...(advice.length > 0 ? advice : LOOK_AT)].join('\n');
  }
}

const WORDS: Partial<Record<string, string>> = {
  ASSIGNED: 'the phone has fetched it.',
  SENDING: 'the phone is sending it.',
  SENT: 'the phone has given it to its network.',
  DELIVERED: 'it has arrived.',
};
const LOOK_AT = [
  'Look at the phone: is the app open, may it send SMS (App info, Permissions), and does Android leave its battery use unrestricted?',
];

function failureOf({ status, last_error, history, delivery }: MessageDoc): string | null {
  if (status === 'SENT' && delivery?.outcome === 'undelivered')
    return `SENT, and then not delivered: ${reasons(delivery.code, delivery.reason)}`;
  if (status !== 'FAILED' && status !== 'CANCELED') return null;
  return `${status}: ${reasons(last_error, history.findLast(({ to }) => to === status)?.note)}`;
}

function reasons(code: string | null | undefined, reason: string | undefined): string {
  return [...new Set([code, reason])].filter(Boolean).join(', ') || 'nothing was said of why';
}
