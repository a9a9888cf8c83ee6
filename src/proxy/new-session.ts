import { idMaker } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { later } from '../domain/time.js';
import { claimOf, nameClaim, newSessionId, wholeClaim, type Participant, type SessionDoc } from './session.js';
import type { TnDoc } from './tn.js';

export interface NewParticipant {
  address: string;
  channel: Participant['channel'];
  name?: string;
  /** The number that this person has to see; absent: a free one is chosen. */
  tn?: string;
}

export interface NewSession {
  /** Of a session that is opened once however often it is tried. */
  id?: string;
  participants: readonly NewParticipant[];
  /** `one`: all see the same number, which is an exclusive one where the pool has any free (the `/session` surface). `each`: a number each. */
  numbers: 'one' | 'each';
  /** A booking: nothing is relayed before it, and everybody is told when it begins; absent: at once. */
  startsAt?: Date;
  expiresAt?: Date | null;
  inactiveSeconds?: number;
  quietSeconds?: number;
  /** No other open session of the tenant may have it. */
  uniqueName?: string;
  friendlyName?: string;
  attributes?: string;
  tellsExpiry?: true;
  /** Told to everybody, in their order, as soon as it is open, unless it is a booking; the organisation's name is put in front. */
  startText?: string;
}

export type Opened =
  | { session: SessionDoc }
  /** No number of the pool is free for this address; null: for none of them. */
  | { exhausted: string | null }
  /** The start text could not be sent: nothing is left of the session, or of what was added to it. `reason`: in words. */
  | { failed: string };

/** Their ids are in their order, and so are the texts that are sent because of them. */
export function newParticipants(
  people: readonly NewParticipant[],
  tns: readonly TnDoc[],
  now: Date,
  joined_at = now,
): Participant[] {
  let place = 0;
  const nextId = idMaker('par', () => later(now, place++));
  return people.map(({ address, channel, name }, i) => ({
    id: nextId(),
    address,
    channel,
    tn: tns[i]!.number,
    ...(name ? { name } : {}),
    joined_at,
  }));
}

/** What they take; `tns`: each one's number. */
export function newClaims(participants: readonly Participant[], tns: readonly TnDoc[]): string[] {
  const whole = tns.filter(({ mode }) => mode === 'exclusive').map(({ number }) => wholeClaim(number));
  return [...new Set([...whole, ...participants.map(({ tn, address }) => claimOf(tn, address))])];
}

/** The session as it is stored first. */
export function newSessionDoc(tenant: TenantId, order: NewSession, tns: readonly TnDoc[], now: Date): SessionDoc {
  const begins = order.startsAt ?? now;
  const participants = newParticipants(order.participants, tns, now, begins);
  return {
    _id: order.id ?? newSessionId(now),
    tenant_id: tenant,
    state: 'open',
    rev: 1,
    participants,
    claims: [...newClaims(participants, tns), ...(order.uniqueName === undefined ? [] : [nameClaim(order.uniqueName)])],
    tns: [...new Set(tns.map(({ number }) => number))],
    created_at: now,
    expires_at: order.expiresAt ?? null,
    ...(order.inactiveSeconds === undefined ? {} : { inactive_seconds: order.inactiveSeconds }),
    ...(order.quietSeconds === undefined ? {} : { quiet_seconds: order.quietSeconds }),
    // Nobody is silent before it begins.
    last_text_at: begins,
    ...(order.startsAt ? { starts_at: order.startsAt, unstarted: true as const } : {}),
    ...(order.uniqueName === undefined ? {} : { unique_name: order.uniqueName }),
    ...(order.friendlyName === undefined ? {} : { friendly_name: order.friendlyName }),
    ...(order.attributes === undefined ? {} : { attributes: order.attributes }),
    ...(order.tellsExpiry ? { tells_expiry: true as const } : {}),
  };
}
