import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/load-config.js';
import { agentQueues } from '../domain/route.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import {
  PhoneMessagesRepository,
  type FailedMessage,
  type HeldMessage,
} from '../messages/phone-messages.repository.js';
import { showAgent, type AgentDoc } from './agent.js';
import { AgentPace } from './agent-pace.js';
import { AgentsService } from './agents.service.js';
import { describePhone } from './phone-words.js';
import { showPace } from './shown-pace.js';
import { simsOf } from './sims.js';

const MOST_COUNTED = 10_000;
const MOST_HELD = 100;
const MOST_SHOWN = 20;
const MOST_FAILURES = 10;

/** One phone as somebody looks at it who asks why nothing leaves. Many small reads: lists don't have it. */
@Injectable()
export class AgentOverviewService {
  constructor(
    private readonly agents: AgentsService,
    private readonly messages: MessagesRepository,
    private readonly ofPhone: PhoneMessagesRepository,
    private readonly pace: AgentPace,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async get({ tenant }: Pick<Principal, 'tenant'>, id: string) {
    const agent = await this.agents.mustFind(tenant, id);
    const now = this.clock.now();
    const { own, groups } = queuesOf(agent);
    const [open, ready, inGroups, held, failed, state] = await Promise.all([
      this.messages.countOpenOfAgent(tenant, id),
      this.ofPhone.ready(own, MOST_COUNTED),
      this.ofPhone.ready(groups, MOST_COUNTED),
      this.ofPhone.held(tenant, id, now, MOST_HELD),
      this.ofPhone.failed(tenant, id, MOST_FAILURES),
      this.pace.stateOf(agent),
    ]);
    const shown = showAgent(agent, now, this.config.AGENT_ONLINE_SECONDS);
    const seen = {
      waiting: { own: ready, groups: inGroups },
      held: { count: held.length, messages: held.slice(0, MOST_SHOWN).map(showHeld) },
      failures: failed.map(showFailure),
      pace: showPace(state, now),
    };
    return { ...shown, ...describePhone({ ...shown, ...seen }, now), open_messages: open, ...seen };
  }
}

function queuesOf({ tenant_id, _id, groups, ...agent }: AgentDoc): { own: string[]; groups: string[] } {
  const simSlots = simsOf(agent).map(({ slot }) => slot);
  const own = agentQueues(tenant_id, { agentId: _id, groups: [], simSlots });
  const all = agentQueues(tenant_id, { agentId: _id, groups, simSlots });
  const keys = all.map(({ queue }) => queue);
  return { own: keys.slice(0, own.length), groups: keys.slice(own.length) };
}

function showHeld({ _id, status, segments, lease }: HeldMessage) {
  return {
    message_id: _id,
    status,
    segments: segments ?? 1,
    lease_expires_at: status === 'ASSIGNED' ? (lease?.expires_at ?? null) : null,
  };
}

function showFailure({ _id, last_error, failed_at, history }: FailedMessage) {
  const end = history.findLast(({ to }) => to === 'FAILED');
  return { message_id: _id, code: last_error ?? 'FAILED', reason: end?.note ?? null, failed_at: failed_at! };
}
