import { Injectable } from '@nestjs/common';
import { AgentClaims, queuesOf } from '../../agents/agent-claims.js';
import type { AgentPrincipal } from '../../agents/agent.authenticator.js';
import { LastSeen } from '../../agents/last-seen.js';
import { PrincipalSource } from '../../auth/principal-source.js';
import { ApiError } from '../../common/errors.js';
import { pause } from '../../common/pause.js';
import { QueueWaiters } from '../../messages/queue-waiters.js';
import { AppEvents, type AppEvent } from './app-events.js';
import { AppSettings } from './app-settings.service.js';

/** A wake of another gateway may be lost, and what a phone's pace held back may go now: look now and then. */
const LOOK_MILLIS = 5000;
/** Longer than an answer takes; shorter than people like to wait for a code. */
const PULL_MILLIS = 5000;

/** What a phone is told while its stream is open. */
@Injectable()
export class EventStream {
  constructor(
    private readonly events: AppEvents,
    private readonly settings: AppSettings,
    private readonly claims: AgentClaims,
    private readonly waiters: QueueWaiters,
    private readonly principals: PrincipalSource,
    private readonly lastSeen: LastSeen,
  ) {}

  /** Ends when the phone has gone or is no longer allowed, or the gateway stops. */
  async run(phone: AgentPrincipal, baseUrl: string, emit: (event: AppEvent) => void, gone: AbortSignal): Promise<void> {
    const outdated = this.settings.outdated(phone.agent, baseUrl);
    if (outdated.settings) emit({ type: 'SettingsUpdated', data: null });
    if (outdated.webhooks) emit({ type: 'WebhooksUpdated', data: null });
    const toldOf = new Set<string>();
    for (let current: AgentPrincipal | null = phone; current && !gone.aborted && this.waiters.isOpen;) {
      await this.lastSeen.touch(current.agent);
      // Listening begins before looking, so that what arrives in between isn't missed.
      const waiter = this.waiters.listen(queuesOf(current.agent));
      try {
        for (const messageId of await this.events.recalled(current.agent)) {
          if (!toldOf.has(messageId)) emit({ type: 'MessageCancelled', data: { messageId } });
          toldOf.add(messageId);
        }
        if (await this.claims.hasWork(current)) {
          emit({ type: 'MessageEnqueued', data: null });
          const leased = await this.events.untilPulled(current.id, PULL_MILLIS, gone);
          // Its pace, or a rule, keeps back what waits.
          if (leased === 0) await pause(LOOK_MILLIS, gone);
        } else await waiter.until(LOOK_MILLIS, gone);
      } finally {
        waiter.end();
      }
      current = await this.principals.stillMay(current, { agents: true }).catch(nobody);
    }
  }
}

function nobody(error: unknown): null {
  if (error instanceof ApiError) return null;
  throw error;
}
