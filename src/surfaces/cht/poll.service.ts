import { Injectable } from '@nestjs/common';
import { AgentClaims } from '../../agents/agent-claims.js';
import type { AgentPrincipal } from '../../agents/agent.authenticator.js';
import { HeartbeatService } from '../../agents/heartbeat.service.js';
import { LastSeen } from '../../agents/last-seen.js';
import { StatusReportsService } from '../../agents/status-reports.service.js';
import { InboundService } from '../../inbound/inbound.service.js';
import type { Claimed } from '../../messages/candidate.js';
import { HeldMessages } from '../../messages/held-messages.js';
import { phoneSideId } from '../phone-side-id.js';
import type { PollDto } from './dto/poll.dto.js';
import { readText, readUpdate, readVersion } from './poll-body.js';

/** As many as the app sends after one poll. */
const MOST = 10;
/** The app tells at most so many updates at once: a full load says that there are more. */
const FULL = 20;
/** Of those that it holds, some may be recalled. */
const MOST_HELD = 100;

@Injectable()
export class PollService {
  constructor(
    private readonly claims: AgentClaims,
    private readonly held: HeldMessages,
    private readonly reports: StatusReportsService,
    private readonly inbound: InboundService,
    private readonly heartbeats: HeartbeatService,
    private readonly lastSeen: LastSeen,
  ) {}

  async poll(phone: AgentPrincipal, told: PollDto, app: string, gone: AbortSignal) {
    const version = readVersion(app);
    if (version && version !== phone.agent.app_version)
      await this.heartbeats.beat(phone.agent, { status: 'online', app_version: version });
    const updates = told.updates ?? [];
    const reports = updates.map(readUpdate).filter((report) => report !== null);
    if (reports.length > 0) await this.reports.take(phone, reports);
    const texts = (told.messages ?? []).map(readText).filter((text) => text !== null);
    if (texts.length > 0) await this.inbound.store(phone, texts);
    // Until it has told all, nobody knows what it has; and of what it is given again it tells again, without end.
    const isDone = updates.length < FULL;
    const served = isDone ? await this.serve(phone, gone) : await this.nothing(phone);
    return { messages: served.map((message) => ({ id: phoneSideId(message), to: message.to, content: message.text })) };
  }

  /** What it holds and has told nothing of, again under the same ids, and what it leases besides. */
  private async serve(phone: AgentPrincipal, gone: AbortSignal): Promise<Claimed[]> {
    const all = await this.held.of(phone.tenant, phone.id, MOST_HELD);
    const held = all.filter(({ recall }) => !recall).slice(0, MOST);
    const room = MOST - held.length;
    if (room === 0) return [...held, ...(await this.nothing(phone))];
    const { jobs } = await this.claims.next(phone, room, 0, gone);
    const recalled = jobs.filter(({ recall }) => recall);
    // It tells of what it has at its next poll, and had a whole lease for that: the answer was lost.
    const reports = recalled.map(({ _id }) => ({ message_id: _id, status: 'CANCELED' as const }));
    if (reports.length > 0) await this.reports.take(phone, reports);
    return [...held, ...jobs.filter(({ recall }) => !recall)];
  }

  private async nothing(phone: AgentPrincipal): Promise<Claimed[]> {
    await this.lastSeen.touch(phone.agent, { asks: true });
    return [];
  }
}
