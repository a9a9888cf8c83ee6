import { Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { AgentClaims } from '../../agents/agent-claims.js';
import type { AgentPrincipal } from '../../agents/agent.authenticator.js';
import { LastSeen } from '../../agents/last-seen.js';
import { StatusReportsService } from '../../agents/status-reports.service.js';
import { inOrder } from '../../messages/candidate.js';
import { HeldMessages } from '../../messages/held-messages.js';
import { readReport, showForPhone } from './phone-message.js';
import { Pulls } from './pulls.js';

/** As many as the app takes at once. */
const MOST = 100;

export type Order = 'lifo' | 'fifo';

@Injectable()
export class MessageService {
  constructor(
    private readonly claims: AgentClaims,
    private readonly held: HeldMessages,
    private readonly reports: StatusReportsService,
    private readonly lastSeen: LastSeen,
    private readonly pulls: Pulls,
  ) {}

  /**
   * What the phone holds and has told nothing of, again under the same ids, and what it leases besides. The answer before may have been
   * lost on its way; the app sends nothing twice that it was given under one id, and reports it again.
   */
  async pull(phone: AgentPrincipal, order: Order, gone: AbortSignal, answer: ServerResponse) {
    const serves = this.pulls.begin(phone.id, answer);
    const held = await this.held.of(phone.tenant, phone.id, MOST);
    const room = MOST - held.length;
    const fresh = room > 0 ? (await this.claims.next(phone, room, 0, gone)).jobs : [];
    if (room === 0) await this.lastSeen.touch(phone.agent, { asks: true });
    const all = [...held, ...fresh].sort(inOrder);
    serves({ served: all.length, leased: fresh.length, isFull: all.length >= MOST });
    return (order === 'lifo' ? all.toReversed() : all).map(showForPhone);
  }

  /** Whatever isn't understood, is unknown or comes too late changes nothing: the app would repeat it for ever. */
  async report(phone: AgentPrincipal, told: readonly unknown[]): Promise<void> {
    await this.lastSeen.touch(phone.agent);
    const reports = told.map(readReport).filter((report) => report !== null);
    if (reports.length > 0) await this.reports.take(phone, reports);
  }
}
