import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Update } from '../database/query.js';
import { People } from '../people/people.js';
import type { RecipientDoc } from './notification.js';
import { Plans, type Step } from './plans.js';
import { firstLook, Sending } from './sending.js';
import type { Standing } from './standing.js';
import type { RouteOf } from './way-routes.js';

export interface Change {
  seen: RecipientDoc;
  update: Update;
  standing: Standing;
  /** The way that it goes on to. */
  next: Step | null;
}

/** Goes on to the next of somebody's ways, once for each. */
@Injectable()
export class Escalation {
  constructor(
    private readonly people: People,
    private readonly plans: Plans,
    private readonly sending: Sending,
    private readonly clock: Clock,
  ) {}

  async changes(tenant: TenantId, standings: readonly Standing[], routes: RouteOf): Promise<Change[]> {
    const due = standings.filter(({ isNextDue }) => isNextDue);
    const ids = due.flatMap(({ recipient: { person_id } }) => person_id ?? []);
    const people = ids.length === 0 ? [] : await this.people.reachable(tenant, ids);
    const byId = new Map(people.map((one) => [one.person._id, one]));
    const next = (standing: Standing): Step | null => {
      const { recipient, notification } = standing;
      const reachable = byId.get(recipient.person_id ?? '');
      return reachable ? this.plans.step(recipient, recipient.step + 1, notification, reachable, routes) : null;
    };
    return standings.map((standing) => {
      const step = due.includes(standing) ? next(standing) : null;
      const seen = standing.recipient;
      if (step) return { seen, standing, next: step, update: this.goingOn(standing, step) };
      // Nothing else is possible: it stays at the last way.
      const update = standing.isNextDue ? ended(standing.update(), seen) : standing.update();
      return { seen, standing, next: null, update };
    });
  }

  /** The messages of those that were changed. */
  async send(changes: readonly Change[], routes: RouteOf): Promise<void> {
    const going = changes.filter(({ next }) => next !== null);
    for (const notification of new Set(going.map(({ standing }) => standing.notification))) {
      const own = going.filter(({ standing }) => standing.notification === notification);
      const toSend = own.map(({ seen, next }) => ({ recipient: seen, attempts: next!.attempts }));
      await this.sending.send(notification, toSend, routes);
    }
  }

  private goingOn(standing: Standing, { step, attempts }: Step): Update {
    const now = this.clock.now();
    const { outcome } = standing.update().$set as Pick<RecipientDoc, 'outcome'>;
    const before = standing.following.map(({ attempt }) => attempt.message_id);
    return {
      $set: {
        step,
        step_at: now,
        attempts: [...standing.recipient.attempts, ...attempts],
        outcome: outcome === 'failed' ? 'waiting' : outcome,
        reason: null,
        following: [...before, ...attempts.map(({ message_id }) => message_id)],
        look_at: firstLook(now),
        updated_at: now,
      },
    };
  }
}

/** There is no way any more to wait for. */
function ended(update: Update, { ways }: RecipientDoc): Update {
  return { ...update, $set: { ...update.$set, step: ways.length - 1 } };
}
