import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { AgentClaims, queuesOf } from '../../agents/agent-claims.js';
import type { AgentPrincipal } from '../../agents/agent.authenticator.js';
import { LastSeen } from '../../agents/last-seen.js';
import { PrincipalSource } from '../../auth/principal-source.js';
import { ApiError } from '../../common/errors.js';
import { pause } from '../../common/pause.js';
import { QueueWaiters } from '../../messages/queue-waiters.js';
import { AppEvents, type AppEvent } from './app-events.js';
import { AppSettings } from './app-settings.service.js';
import { Pulls } from './pulls.js';
import { Quiet } from './quiet.js';

/** A wake of another gateway may be lost, and what a phone's pace held back may go now: look now and then. */
const LOOK_MILLIS = 5000;
/** What comes in together is told together. */
const JOIN_MILLIS = 100;

/** What a phone is told while its stream is open. */
@Injectable()
export class EventStream implements BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly events: AppEvents,
    private readonly pulls: Pulls,
    private readonly settings: AppSettings,
    private readonly claims: AgentClaims,
    private readonly waiters: QueueWaiters,
    private readonly principals: PrincipalSource,
    private readonly lastSeen: LastSeen,
  ) {}

  /** Ends when the phone has gone or is no longer allowed, or the gateway stops. */
  async run(phone: AgentPrincipal, baseUrl: string, emit: (event: AppEvent) => void, gone: AbortSignal): Promise<void> {
    const running = this.tell(phone, baseUrl, emit, gone);
    this.running.add(running);
    await running.finally(() => this.running.delete(running));
  }

  /** Also those whose phones have gone: they still look at the store. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.running);
  }

  private async tell(
    phone: AgentPrincipal,
    baseUrl: string,
    emit: (event: AppEvent) => void,
    gone: AbortSignal,
  ): Promise<void> {
    const outdated = this.settings.outdated(phone.agent, baseUrl);
    if (outdated.settings) emit({ type: 'SettingsUpdated', data: null });
    if (outdated.webhooks) emit({ type: 'WebhooksUpdated', data: null });
    const quiet = new Quiet();
    let bell = new AbortController();
    const unfollow = this.pulls.follow(phone.id, (served) => {
      if (served) quiet.pulled(served, performance.now());
      bell.abort();
    });
    gone.addEventListener('abort', () => bell.abort(), { once: true });
    let toldOf = new Set<string>();
    try {
      for (let current: AgentPrincipal | null = phone; current && !gone.aborted && this.waiters.isOpen;) {
        const looked = performance.now();
        bell = new AbortController();
        await this.lastSeen.touch(current.agent);
        // Listening begins before looking, so that what arrives in between isn't missed.
        const waiter = this.waiters.listen(queuesOf(current.agent));
        try {
          toldOf = await this.tellRecalled(current, toldOf, emit);
          await this.tellWaiting(current, quiet, emit);
          const left = quiet.left(performance.now());
          await waiter.until(left > 0 ? Math.min(left, LOOK_MILLIS) : LOOK_MILLIS, bell.signal);
        } finally {
          waiter.end();
        }
        const early = looked + JOIN_MILLIS - performance.now();
        if (early > 0 && this.waiters.isOpen) await pause(early, gone);
        current = await this.principals.stillMay(current, { agents: true }).catch(nobody);
      }
    } finally {
      unfollow();
    }
  }

  /** Answers those that it has been told of and that are still recalled. */
  private async tellRecalled(
    { agent }: AgentPrincipal,
    toldOf: ReadonlySet<string>,
    emit: (event: AppEvent) => void,
  ): Promise<Set<string>> {
    const recalled = new Set(await this.events.recalled(agent));
    for (const messageId of recalled)
      if (!toldOf.has(messageId)) emit({ type: 'MessageCancelled', data: { messageId } });
    return recalled;
  }

  private async tellWaiting(phone: AgentPrincipal, quiet: Quiet, emit: (event: AppEvent) => void): Promise<void> {
    const maySpeak = () => quiet.left(performance.now()) === 0 && !this.pulls.isUnderWay(phone.id);
    if (!maySpeak() || !(await this.claims.hasWork(phone)) || !maySpeak()) return;
    quiet.told(performance.now());
    emit({ type: 'MessageEnqueued', data: null });
  }
}

function nobody(error: unknown): null {
  if (error instanceof ApiError) return null;
  throw error;
}
