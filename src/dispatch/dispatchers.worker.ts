import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { CarrierAccounts } from '../carriers/carrier-accounts.js';
import type { OpenAccount } from '../carriers/open-account.js';
import { Clock } from '../common/clock.js';
import { Claims } from '../messages/claims.js';
import { GiveBack } from '../messages/give-back.js';
import { QueueWaiters } from '../messages/queue-waiters.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { Attempts } from './attempts.js';
import type { Parked } from './breaker.js';
import { CallSlots } from './call-slots.js';
import { Lane, type LaneTools } from './lane.js';

const EVERY_MILLIS = 2000;

/** A lane for each account that can send. Each turn looks which accounts there are, and wakes the lanes of paused ones. */
@Injectable()
export class DispatchersWorker implements OnModuleDestroy {
  /** How long a stop waits for calls; what isn't answered by then is unknown. Supervisors kill after ten seconds. */
  stopMillis = 8000;
  private readonly lanes = new Map<string, Lane>();
  private readonly tools: LaneTools;
  private readonly worker: Worker;
  private isStopped = false;

  constructor(
    workers: Workers,
    private readonly accounts: CarrierAccounts,
    claims: Claims,
    giveBack: GiveBack,
    waiters: QueueWaiters,
    attempts: Attempts,
    slots: CallSlots,
    clock: Clock,
  ) {
    this.tools = { accounts, claims, giveBack, waiters, attempts, slots, now: () => clock.now() };
    this.worker = workers.register({
      name: 'dispatchers',
      everyMillis: EVERY_MILLIS,
      atStart: true,
      work: () => this.work(),
    });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  /** Why nothing goes out by an account, as this gateway knows it; null: it works, or sends elsewhere. */
  parked(tenant: TenantId, carrier: string): Parked | null {
    return this.lanes.get(keyOf({ tenant, name: carrier }))?.parked ?? null;
  }

  get parkedAccounts(): { tenant: TenantId; carrier: string; parked: Parked }[] {
    return [...this.lanes.values()].flatMap(({ id, parked }) => (parked ? [{ ...id, parked }] : []));
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    const lanes = [...this.lanes.values()];
    this.lanes.clear();
    await Promise.all(lanes.map((lane) => lane.stop(AbortSignal.timeout(this.stopMillis))));
  }

  private async work(): Promise<void> {
    const accounts = new Map((await this.accounts.all()).map((account) => [keyOf(account), account]));
    if (this.isStopped) return;
    for (const [key, lane] of this.lanes) {
      if (accounts.has(key)) continue;
      this.lanes.delete(key);
      // It ends by itself once its calls are answered.
      void lane.stop(new AbortController().signal);
    }
    for (const [key, account] of accounts) this.serve(key, account);
  }

  private serve(key: string, account: OpenAccount): void {
    const lane = this.lanes.get(key);
    if (!lane) {
      this.lanes.set(key, new Lane(account, this.tools));
      return;
    }
    lane.use(account);
    lane.wake();
  }
}

function keyOf({ tenant, name }: Pick<OpenAccount, 'tenant' | 'name'>): string {
  return `${tenant}:${name}`;
}
