import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { invalidField } from '../common/errors.js';
import type { Update } from '../database/query.js';
import { actorOf } from '../domain/actor.js';
import { isLive } from '../domain/lease.js';
import { agentQueues, formatRoute, parseRoute, queueKey, type Route } from '../domain/route.js';
import type { HistoryEntry } from '../messages/message.js';
import { HISTORY_LENGTH } from '../messages/moves.js';
import type { Candidate } from '../messages/candidate.js';
import { QueueRepository } from '../messages/queue.repository.js';
import { QueueWaiters } from '../messages/queue-waiters.js';
import { MOST_SIMS } from '../common/dto/words.js';
import { AgentsService } from './agents.service.js';

const PAGE = 200;

/** Moves the work of one phone to another, in small steps. What is being sent stays: it may have gone out. */
@Injectable()
export class Reassignment {
  constructor(
    private readonly agents: AgentsService,
    private readonly queues: QueueRepository,
    private readonly waiters: QueueWaiters,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async reassign(caller: User, agentId: string, routeText: string, endLeases: boolean) {
    await this.agents.mustFind(caller.tenant, agentId);
    const route = await this.target(caller, agentId, routeText);
    const target = queueKey(caller.tenant, route, null);
    // Every slot, also of a SIM that was taken out: nobody else asks for its texts.
    const own = agentQueues(caller.tenant, { agentId, groups: [], simSlots: [...Array(MOST_SIMS).keys()] });
    let reassigned = 0;
    let stillLeased = 0;
    for (const { queue } of own) {
      reassigned += await this.moveReady(queue, route, target, caller);
      const waiting = await this.moveWaiting(queue, route, target, caller, endLeases);
      reassigned += waiting.moved;
      stillLeased += waiting.leased;
    }
    if (reassigned > 0) this.waiters.wake(target);
    await this.audit.record(caller, 'REASSIGN_MESSAGES', {
      agent_id: agentId,
      route: routeText,
      reassigned,
      still_leased: stillLeased,
    });
    return { status: 'ok', reassigned, still_leased: stillLeased };
  }

  private async target(caller: User, agentId: string, text: string): Promise<Route> {
    const route = parseRoute(text);
    if (!route || route.kind === 'carrier') throw invalidField('route', 'must be agent:<id> or group:<name>');
    if (route.kind === 'agent') {
      if (route.agentId === agentId) throw invalidField('route', 'is the phone itself');
      if (!(await this.agents.active(caller.tenant, route.agentId)))
        throw invalidField('route', 'names no active agent of yours');
    }
    return route;
  }

  /** What may be claimed now. A race with a claim is lost quietly: the phone has it then. */
  private async moveReady(queue: string, route: Route, target: string, caller: User): Promise<number> {
    let moved = 0;
    for (;;) {
      const page = await this.queues.unleased(queue, PAGE);
      moved += await this.move(page, route, target, caller);
      if (page.length < PAGE) return moved;
    }
  }

  /** What is scheduled; with `endLeases`, also what is leased and not begun. */
  private async moveWaiting(queue: string, route: Route, target: string, caller: User, endLeases: boolean) {
    let moved = 0;
    let leased = 0;
    let after: Date | null = null;
    for (;;) {
      const page: (Candidate & { due_at?: Date })[] = await this.queues.waitingForTime(queue, after, PAGE);
      const now = this.clock.now();
      const free = page.filter((message) => endLeases || !isLive(message.lease, now));
      leased += page.length - free.length;
      const made = await this.move(free, route, target, caller);
      moved += made;
      if (page.length < PAGE) return { moved, leased };
      // Messages that wait for the same instant may straddle the page: those that moved are gone, so read on from just before it.
      const last: Date = page.at(-1)!.due_at!;
      after = new Date(last.getTime() - (made > 0 ? 1 : 0));
    }
  }

  private async move(page: readonly Candidate[], route: Route, target: string, caller: User): Promise<number> {
    const now = this.clock.now();
    const made = await this.queues.changeEach(
      page.map((seen) => ({ seen, update: reassigned(seen, route, target, caller, now) })),
    );
    return made.filter(Boolean).length;
  }
}

function reassigned(seen: Candidate, route: Route, queue: string, caller: User, now: Date): Update {
  const entry: HistoryEntry = { at: now, actor: actorOf(caller), event: 'reassigned', note: formatRoute(route) };
  const leased = seen.lease && !seen.lease.ended_at;
  return {
    $set: {
      queue,
      route: formatRoute(route),
      agent_id: route.kind === 'agent' ? route.agentId : null,
      sim_slot: null,
      updated_at: now,
      // A lease that is taken back leaves the message to be claimed at once; a schedule stays.
      ...(leased ? { 'lease.ended_at': now, ready: true } : {}),
    },
    ...(leased ? { $unset: { due_at: '' as const } } : {}),
    $inc: { rev: 1 },
    $push: { history: { $each: [entry], $slice: -HISTORY_LENGTH } },
  };
}
