import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { StoreFailure } from '../common/store-failure.js';
import { later, MINUTE_MILLIS } from '../domain/time.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { Adding } from './adding.js';
import { Beginning } from './beginning.js';
import { Ending } from './ending.js';
import { Opening } from './opening.js';
import { Pool } from './pool.js';
import { earliest, nextLook } from './next-look.js';
import { Removing } from './removing.js';
import { isDueToStart, isExpired, type SessionDoc } from './session.js';
import { SessionsRepository } from './sessions.repository.js';
import { TnsRepository } from './tns.repository.js';
import { UnsettledRelays } from './unsettled-relays.js';

const EVERY_MILLIS = 1000;
const PAGE = 50;

/** Begins bookings, ends sessions that have expired, and whatever a gateway left unfinished when it died. */
@Injectable()
export class SessionsWorker {
  private readonly logger = new Logger(SessionsWorker.name);
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly sessions: SessionsRepository,
    private readonly tns: TnsRepository,
    private readonly pool: Pool,
    private readonly opening: Opening,
    private readonly adding: Adding,
    private readonly removing: Removing,
    private readonly beginning: Beginning,
    private readonly ending: Ending,
    private readonly relays: UnsettledRelays,
    private readonly clock: Clock,
  ) {
    const work = (stopping: AbortSignal) => this.work(stopping);
    this.worker = workers.register({ name: 'sessions', everyMillis: EVERY_MILLIS, work });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    const now = this.clock.now();
    for (;;) {
      const page = await this.sessions.due(now, PAGE);
      for (const session of page) {
        if (stopping.aborted) return;
        await this.tryToAttend(session, now);
      }
      if (page.length < PAGE) break;
    }
    // Whoever began to remove or change a number and is alive has ended it by then.
    const before = later(now, -MINUTE_MILLIS);
    for (const { tenant_id, number } of await this.tns.marked(before, PAGE)) await this.pool.remove(tenant_id, number);
    for (const held of await this.tns.held(before, PAGE)) await this.tns.letGo(held);
  }

  /** One that can't be attended to keeps nobody else waiting. */
  private async tryToAttend(session: SessionDoc, now: Date): Promise<void> {
    try {
      await this.attend(session, now);
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
      this.logger.error({ err: error, tenant: session.tenant_id }, `the session ${session._id} is looked at later`);
      await this.sessions.add(session, { $set: { due_at: later(now, MINUTE_MILLIS) } });
    }
  }

  /** Does what is due, and says when to look again; what was changed meanwhile is looked at once more. */
  private async attend(due: SessionDoc, now: Date): Promise<void> {
    const { opening_until, state } = due;
    if (opening_until && (state === 'closed' || opening_until <= now)) return this.opening.undo(due);
    if (state === 'open' && isExpired(due, now)) await this.ending.expire(due);
    else if (due.closing) await this.ending.finish(due);
    else if (isDueToStart(due, now)) await this.beginning.begin(due);
    else if (due.starting) await this.beginning.finish(due);
    await this.adding.settle(due, now);
    await this.removing.finish(due);
    const seen = await this.sessions.byId(due.tenant_id, due._id);
    if (!seen) return;
    const unsettled = await this.relays.settle(seen, now);
    const next = earliest(unsettled.lookAt, nextLook(seen, now));
    await this.sessions.change(seen, {
      $set: { ...(unsettled.left.length > 0 ? { unsettled: unsettled.left } : {}), ...(next ? { due_at: next } : {}) },
      $unset: { ...(unsettled.left.length > 0 ? {} : { unsettled: '' }), ...(next ? {} : { due_at: '' }) },
    });
  }
}
