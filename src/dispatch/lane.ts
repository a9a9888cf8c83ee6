import { Logger } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { SendOutcome } from '../carriers/carrier.js';
import type { CarrierAccounts } from '../carriers/carrier-accounts.js';
import { PARKED } from '../carriers/carrier-notes.js';
import type { OpenAccount } from '../carriers/open-account.js';
import { queueKey } from '../domain/route.js';
import { actorOf } from '../domain/actor.js';
import { holderOf } from '../messages/carrier-reports.js';
import type { Claimed } from '../messages/candidate.js';
import type { Budget, Claims } from '../messages/claims.js';
import type { GiveBack } from '../messages/give-back.js';
import type { QueueWaiters } from '../messages/queue-waiters.js';
import type { Attempts } from './attempts.js';
import { Breaker, type Parked } from './breaker.js';
import type { CallSlots } from './call-slots.js';
import { Rate } from './rate.js';

/** Longer than a call may take, so that a lease never runs out under one that is answered. */
const LEASE_SECONDS = 60;
/** A wake of another gateway may be lost: look now and then. */
const SAFETY_POLL_MILLIS = 5000;
/** How often a lane looks whether a pause of its account is over. */
const PAUSED_POLL_MILLIS = 1000;

export interface LaneTools {
  accounts: CarrierAccounts;
  claims: Claims;
  giveBack: GiveBack;
  waiters: QueueWaiters;
  attempts: Attempts;
  slots: CallSlots;
  now(): Date;
}

/**
 * Sends what waits for one account: claims no more than may be called at once, calls, and settles. It waits where nothing is due, the
 * account's rate or number of calls is used up, or the account is held or parked.
 */
export class Lane {
  private readonly logger = new Logger(Lane.name);
  private readonly breaker = new Breaker();
  private readonly rate: Rate;
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;
  private isStopped = false;
  private wakeUp: () => void = () => undefined;

  constructor(
    private account: OpenAccount,
    private readonly tools: LaneTools,
  ) {
    this.rate = new Rate(account.perSecond);
    this.ended = this.run();
  }

  /** What its settings are now. */
  use(account: OpenAccount): void {
    if (account === this.account) return;
    this.account = account;
    this.rate.set(account.perSecond);
    this.wake();
  }

  wake(): void {
    this.wakeUp();
  }

  get id(): { tenant: TenantId; carrier: string } {
    return { tenant: this.account.tenant, carrier: this.account.name };
  }

  get parked(): Parked | null {
    return this.breaker.trouble;
  }

  /** Claims nothing more; waits for the calls under way, which `cut` ends. */
  async stop(cut: AbortSignal): Promise<void> {
    this.isStopped = true;
    cut.addEventListener('abort', () => this.stopping.abort(), { once: true });
    this.wake();
    await this.ended;
    await Promise.all(this.running);
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      // Listening begins before looking, so that what arrives in between isn't missed.
      const { tenant, name } = this.account;
      const waiter = this.tools.waiters.listen([queueKey(tenant, { kind: 'carrier', carrier: name }, null)]);
      const woken = new Promise<void>((resolve) => (this.wakeUp = resolve));
      try {
        const wait = await this.turn();
        if (wait > 0 && !this.isStopped) {
          const gone = new AbortController();
          void woken.then(() => gone.abort());
          await waiter.until(wait, gone.signal);
        }
      } catch (error) {
        this.logger.error({ err: error, carrier: name, tenant }, 'a look at the queue failed');
        await waiter.until(PAUSED_POLL_MILLIS, new AbortController().signal);
      } finally {
        waiter.end();
      }
    }
  }

  /** Starts as many calls as there is room for. Returns for how many milliseconds there is nothing to do. */
  private async turn(): Promise<number> {
    const { account, tools } = this;
    const now = tools.now();
    if (account.hold && account.hold.until > now) return PAUSED_POLL_MILLIS;
    const allowed = Math.min(account.concurrency - this.running.size, this.breaker.room(now, this.running.size));
    if (allowed <= 0) return PAUSED_POLL_MILLIS;
    const room = Math.min(allowed, this.rate.room);
    if (room <= 0) return this.rate.wait;
    const slots = await tools.slots.take(room);
    let begun = 0;
    try {
      const claimed = await this.claim(slots);
      if (this.isStopped) {
        await tools.giveBack.giveBack(claimed, NO_BUDGET, 'the gateway stops');
        return 0;
      }
      begun = claimed.length;
      this.rate.take(begun);
      for (const message of claimed) this.begin(account, message);
      return begun > 0 ? 0 : SAFETY_POLL_MILLIS;
    } finally {
      tools.slots.free(slots - begun);
    }
  }

  private claim(limit: number): Promise<Claimed[]> {
    const { tenant, name } = this.account;
    return this.tools.claims.claim({
      holder: holderOf(name),
      actor: actorOf({ kind: 'carrier', id: name }),
      agentId: null,
      // A carrier's refusals for now don't count; they end with the message's life.
      maxAttempts: null,
      queues: [queueKey(tenant, { kind: 'carrier', carrier: name }, null)],
      limit,
      leaseSeconds: LEASE_SECONDS,
      budget: NO_BUDGET,
    });
  }

  private begin(account: OpenAccount, message: Claimed): void {
    const done = this.tools.attempts
      .make(account, message, this.stopping.signal)
      .then((outcome) => this.learn(outcome))
      .catch((error: unknown) => this.logger.error({ err: error }, `the attempt for ${message._id} failed`))
      .finally(() => {
        this.running.delete(done);
        this.tools.slots.free(1);
        this.wake();
      });
    this.running.add(done);
  }

  /** Null: there was no call. */
  private async learn(outcome: SendOutcome | null): Promise<void> {
    if (!outcome) return;
    if (outcome.kind === 'accepted' || outcome.kind === 'refused') this.breaker.succeeded();
    else if (outcome.kind === 'unknown' || outcome.cause === 'failure') await this.fail(outcome.reason);
  }

  private async fail(reason: string): Promise<void> {
    const before = this.breaker.trouble;
    this.breaker.failed(this.tools.now(), reason);
    const after = this.breaker.trouble;
    if (!after || after === before) return;
    const { account } = this;
    this.logger.warn(
      { carrier: account.name, tenant: account.tenant, until: after.until },
      `the account is parked: ${reason}`,
    );
    // Other gateways needn't find out for themselves.
    await this.tools.accounts.hold(account, after.until, PARKED, reason);
  }
}

/** The lane claims no more than it can call at once; its rate is its budget. */
const NO_BUDGET: Budget = {
  read: () => Promise.resolve(),
  take: (wanted, limit) => Promise.resolve(wanted.slice(0, limit).map((candidate) => ({ candidate, via: {} }))),
  refund: () => Promise.resolve(),
};
