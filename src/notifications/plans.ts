import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { derivedId, idsFrom } from '../common/ids.js';
import { waysFor, type Preference, type Way } from '../domain/preference.js';
import { writePushTarget } from '../domain/push-target.js';
import { ownTextId } from '../messages/own-texts.js';
import { People, type Reachable } from '../people/people.js';
import { addressed } from '../people/person.js';
import type { PushTokenDoc } from '../people/push-token.js';
import type { Attempt, Audience, NotificationDoc, RecipientDoc } from './notification.js';
import { firstLook } from './sending.js';
import type { RouteOf } from './way-routes.js';

interface Address {
  to: string;
  token_id?: string;
}

/** One of somebody's ways, by its place among them. */
export interface Step {
  step: number;
  attempts: Attempt[];
}

/** Decides by which ways each of an audience is told, and where the first of them leads. */
@Injectable()
export class Plans {
  constructor(
    private readonly people: People,
    private readonly clock: Clock,
  ) {}

  /** One for each of the audience that exists. */
  async of(notification: NotificationDoc, audience: readonly Audience[], routes: RouteOf): Promise<RecipientDoc[]> {
    const { tenant_id: tenant } = notification;
    const ids = audience.flatMap((one) => ('person' in one ? [one.person] : []));
    const tokens = audience.flatMap((one) => ('token' in one ? [one.token] : []));
    const [people, rows] = await Promise.all([
      ids.length > 0 ? this.people.reachable(tenant, ids) : [],
      tokens.length > 0 ? this.people.kept(tenant, tokens) : [],
    ]);
    const personOf = new Map(people.map((one) => [one.person._id, one]));
    const tokenOf = new Map(rows.map((row) => [`${row.kind}:${row.value}`, row]));
    return audience.flatMap((one) => {
      if ('person' in one) {
        const reachable = personOf.get(one.person);
        return reachable ? [this.ofPerson(notification, reachable, routes, one.preference)] : [];
      }
      if ('token' in one)
        return [this.ofToken(notification, tokenOf.get(`${one.token.kind}:${one.token.value}`)!, routes)];
      if ('email' in one) return [this.ofAddress(notification, 'email', { to: one.email }, routes)];
      if ('sms' in one) return [this.ofAddress(notification, 'sms', { to: one.sms }, routes)];
      const to = writePushTarget({ kind: 'topic', value: one.fcm_topic });
      return [this.ofAddress(notification, 'push', { to }, routes)];
    });
  }

  /** The first of somebody's ways, from `from` on, that isn't stopped by now, has an address and a route; null: there is none. */
  step(
    { _id, ways }: Pick<RecipientDoc, '_id' | 'ways'>,
    from: number,
    notification: NotificationDoc,
    reachable: Reachable,
    routes: RouteOf,
  ): Step | null {
    const has = addressed(reachable.person, reachable.tokens.length > 0);
    const stopped = stoppedFor(notification, reachable);
    for (let step = from; step < ways.length; step++) {
      const way = ways[step]!;
      if (!routes[way] || !has.includes(way) || stopped.includes(way)) continue;
      return { step, attempts: this.attempts(_id, way, reachable) };
    }
    return null;
  }

  /** What goes out by one of a person's ways. */
  private attempts(recipientId: string, way: Way, { person, tokens }: Reachable): Attempt[] {
    const addresses: Record<Way, Address[]> = {
      email: person.email === null ? [] : [{ to: person.email }],
      sms: person.phone === null ? [] : [{ to: person.phone }],
      push: tokens.map((token) => ({ to: writePushTarget(token), token_id: token._id })),
    };
    return addresses[way].map((address) => attempt(recipientId, way, address));
  }

  private ofPerson(
    notification: NotificationDoc,
    reachable: Reachable,
    routes: RouteOf,
    inTopic: Preference | undefined,
  ): RecipientDoc {
    const { person, tokens } = reachable;
    const base = { ...this.blank(notification, `person:${person._id}`), person_id: person._id };
    const reach = {
      preference: inTopic ?? person.preference,
      stopped: stoppedFor(notification, reachable),
      has: addressed(person, tokens.length > 0),
    };
    const ways = waysFor(reach, notification);
    if (typeof ways === 'string') return { ...base, outcome: 'skipped', reason: ways };
    const first = this.step({ ...base, ways }, 0, notification, reachable, routes);
    return first ? this.begun({ ...base, ways }, first) : { ...base, ways, outcome: 'failed', reason: NO_ROUTE };
  }

  private ofToken(notification: NotificationDoc, token: PushTokenDoc, routes: RouteOf): RecipientDoc {
    return this.ofAddress(notification, 'push', { to: writePushTarget(token), token_id: token._id }, routes);
  }

  private ofAddress(notification: NotificationDoc, way: Way, address: Address, routes: RouteOf): RecipientDoc {
    const base = { ...this.blank(notification, `${way}:${address.to}`), ways: [way] };
    if (!routes[way]) return { ...base, outcome: 'failed', reason: NO_ROUTE };
    return this.begun(base, { step: 0, attempts: [attempt(base._id, way, address)] });
  }

  private begun(recipient: RecipientDoc, { step, attempts }: Step): RecipientDoc {
    const following = attempts.map(({ message_id }) => message_id);
    return { ...recipient, step, attempts, following, look_at: firstLook(recipient.step_at) };
  }

  private blank(notification: NotificationDoc, who: string): RecipientDoc {
    const { _id, tenant_id } = notification;
    const now = this.clock.now();
    return {
      _id: derivedId('rcp', timeBase(notification), who),
      tenant_id,
      notification_id: _id,
      ways: [],
      step: 0,
      step_at: now,
      attempts: [],
      outcome: 'waiting',
      reason: null,
      rev: 1,
      created_at: now,
      updated_at: now,
    };
  }
}

/** What a number has opted out of doesn't hold for every text; what the person has ended does. */
function stoppedFor({ ignores_opt_outs }: NotificationDoc, { person, ended }: Reachable): readonly Way[] {
  return ignores_opt_outs ? ended : person.stopped;
}

/** Why somebody failed to be told: nothing of the tenant's sends by any of the ways. */
export const NO_ROUTE = 'NO_ROUTE';

/** A topic's messages are made at its time, and so have that time: its days and its counts begin then. */
function timeBase({ _id, topic, send_at, created_at }: NotificationDoc): string {
  return topic !== undefined && send_at && send_at > created_at ? idsFrom('ntf', send_at) + _id : _id;
}

function attempt(recipientId: string, way: Way, address: Address): Attempt {
  return { message_id: ownTextId({ id: recipientId, purpose: `${way}:${address.to}` }), way, ...address };
}
