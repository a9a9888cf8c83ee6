import { Injectable } from '@nestjs/common';
import { pause } from '../../common/pause.js';
import { MessagesRepository } from '../../messages/messages.repository.js';
import type { AgentDoc } from '../../agents/agent.js';
import { phoneSideId } from './phone-message.js';

/** As the app knows them. */
export interface AppEvent {
  type: 'MessageEnqueued' | 'MessageCancelled' | 'WebhooksUpdated' | 'SettingsUpdated';
  data: object | null;
}

const MOST_ASSIGNED = 500;

/** What the phones that are connected here have to be told. */
@Injectable()
export class AppEvents {
  private readonly waiting = new Map<string, Set<(leased: number) => void>>();

  constructor(private readonly messages: MessagesRepository) {}

  /** The phone has just been served. */
  pulled(agentId: string, leased: number): void {
    for (const done of this.waiting.get(agentId) ?? []) done(leased);
  }

  /**
   * Until the phone has pulled here, the time is over or it has gone: another `MessageEnqueued` would make the app drop the pull that is
   * under way, and its answer with it. Answers how many messages it leased; null when it didn't pull.
   */
  async untilPulled(agentId: string, millis: number, gone: AbortSignal): Promise<number | null> {
    const waiters = this.waiting.get(agentId) ?? new Set();
    this.waiting.set(agentId, waiters);
    const over = new AbortController();
    let done: (leased: number) => void = () => undefined;
    const pulled = new Promise<number>((resolve) => waiters.add((done = resolve)));
    const leased = await Promise.race([pulled, pause(millis, AbortSignal.any([gone, over.signal])).then(() => null)]);
    over.abort();
    waiters.delete(done);
    if (waiters.size === 0) this.waiting.delete(agentId);
    return leased;
  }

  /** Messages that were recalled, by the ids under which the phone knows them. */
  async recalled(agent: AgentDoc): Promise<string[]> {
    const assigned = await this.messages.assignedTo(agent.tenant_id, agent._id, MOST_ASSIGNED);
    return assigned.filter(({ recall, lease }) => recall && lease?.holder === agent._id).map(phoneSideId);
  }
}
