import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { PrincipalSource } from '../auth/principal-source.js';
import { ApiError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/load-config.js';
import { actorOf } from '../domain/actor.js';
import { agentQueues } from '../domain/route.js';
import { Claims, type Budget } from '../messages/claims.js';
import { GiveBack } from '../messages/give-back.js';
import { inOrder, type Claimed } from '../messages/candidate.js';
import { QueueRepository } from '../messages/queue.repository.js';
import { QueueWaiters } from '../messages/queue-waiters.js';
import type { AgentPrincipal } from './agent.authenticator.js';
import type { AgentDoc } from './agent.js';
import { AgentPace } from './agent-pace.js';
import { LastSeen } from './last-seen.js';
import { simsOf } from './sims.js';

/** A wake of another gateway may be lost: look now and then. */
const SAFETY_POLL_MILLIS = 5000;

export interface Batch {
  id: string;
  jobs: Claimed[];
  ratePerMinute: number;
}

/** What a phone gets to send, whatever protocol it speaks. */
@Injectable()
export class AgentClaims {
  constructor(
    private readonly claims: Claims,
    private readonly queues: QueueRepository,
    private readonly giveBack: GiveBack,
    private readonly pace: AgentPace,
    private readonly waiters: QueueWaiters,
    private readonly principals: PrincipalSource,
    private readonly lastSeen: LastSeen,
    private readonly audit: AuditService,
    private readonly config: Config,
  ) {}

  /**
   * Leases the next jobs; when there are none, waits up to `waitSeconds` for one. `gone` says that the phone hung up: then nothing is
   * leased any more, and what was just leased goes back. Not from an app's phone, which hangs up to ask again: that call may have been
   * answered already with what this one has leased.
   */
  async next(phone: AgentPrincipal, limit: number, waitSeconds: number, gone: AbortSignal): Promise<Batch> {
    await this.lastSeen.touch(phone.agent, { asks: true });
    const { jobs, rate, budget } = await this.claimOrWait(phone, limit, waitSeconds, gone);
    if (gone.aborted && jobs.length > 0 && phone.agent.app === undefined) {
      await this.giveBack.giveBack(jobs, budget, 'the phone hung up before the answer');
      jobs.length = 0;
    }
    const id = newId('bat');
    if (jobs.length > 0) {
      this.audit.recordSoon(phone, 'AGENT_LEASE_BATCH', { batch_id: id, message_ids: jobs.map((job) => job._id) });
    }
    return { id, jobs, ratePerMinute: rate };
  }

  /** Whether there is something that it could lease now: neither its pace nor its hours are against it. */
  async hasWork({ agent }: AgentPrincipal): Promise<boolean> {
    const heads = await Promise.all(queuesOf(agent).map((queue) => this.queues.heads(queue, 1)));
    const waiting = heads.flat().sort(inOrder);
    return waiting.length > 0 && this.pace.hasRoomFor(agent, waiting);
  }

  private async claimOrWait(
    phone: AgentPrincipal,
    limit: number,
    waitSeconds: number,
    gone: AbortSignal,
  ): Promise<{ jobs: Claimed[]; rate: number; budget: Budget }> {
    const deadline = performance.now() + waitSeconds * 1000;
    for (;;) {
      const { agent } = phone;
      const { rate, budget } = await this.pace.budgetOf(agent);
      const queues = queuesOf(agent);
      // Listening begins before looking, so that what arrives in between isn't missed.
      const waiter = this.waiters.listen(queues);
      try {
        const jobs = await this.claim(agent, queues, limit, budget);
        const left = deadline - performance.now();
        if (jobs.length > 0 || left <= 0 || gone.aborted || !this.waiters.isOpen) return { jobs, rate, budget };
        await waiter.until(Math.min(left, SAFETY_POLL_MILLIS), gone);
        if (gone.aborted || !this.waiters.isOpen) return { jobs: [], rate, budget };
        // It may have been unregistered, put into a group or paced anew while it waited.
        const current = await this.principals.stillMay(phone, { agents: true }).catch(nobody);
        if (!current) return { jobs: [], rate, budget };
        phone = current;
      } finally {
        waiter.end();
      }
    }
  }

  private claim(agent: AgentDoc, queues: readonly string[], limit: number, budget: Budget): Promise<Claimed[]> {
    return this.claims.claim({
      holder: agent._id,
      actor: actorOf({ kind: 'agent', id: agent._id }),
      agentId: agent._id,
      maxAttempts: this.config.MAX_ATTEMPTS,
      queues,
      limit,
      leaseSeconds: this.config.LEASE_SECONDS,
      budget,
      unasked: agent.app !== undefined,
    });
  }
}

/** Who may not any more is given nothing; the next call is told why. */
function nobody(error: unknown): null {
  if (error instanceof ApiError) return null;
  throw error;
}

/** Every queue that the phone takes from. */
export function queuesOf(agent: AgentDoc): string[] {
  const simSlots = simsOf(agent).map((sim) => sim.slot);
  const queues = agentQueues(agent.tenant_id, { agentId: agent._id, groups: agent.groups, simSlots });
  return queues.map(({ queue }) => queue);
}
