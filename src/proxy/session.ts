import { randomBytes } from 'node:crypto';
import type { TenantId } from '../common/tenant-id.js';
import { later } from '../domain/time.js';
import type { TnChannel } from './tn.js';

export interface Participant {
  /** `par_...` */
  id: string;
  /** The person's own number, E.164. */
  address: string;
  channel: Exclude<TnChannel, 'voice'>;
  /** The number of the pool that this person sees, E.164. */
  tn: string;
  /** Shown in front of relayed texts when there are more than two. */
  name?: string;
  joined_at: Date;
  left_at?: Date;
  /**
   * Was added later, and may not have been told yet; after `until` nobody is at it any more, and the worker finishes or undoes it. `id` is the
   * same for all who were added together.
   */
  joining?: { id: string; until: Date };
  /** Has left, and may not have been told. `id` carries the time, and makes it the same text when sent again. */
  leaving?: { id: string; text: string };
}

/** A masked conversation: its participants see numbers of the pool and never one another's. */
export interface SessionDoc {
  /** 32 hex digits, of which the first twelve are its time. */
  _id: string;
  tenant_id: TenantId;
  state: 'open' | 'closed';
  participants: readonly Participant[];
  /**
   * What an open session has taken: `<tn>|<address>` of each participant, `<tn>|*` of an exclusive number, `name|<unique name>`. Unique over
   * the tenant's open sessions by an index; absent once it is closed.
   */
  claims?: readonly string[];
  /** The numbers of the pool that an open session uses; absent once it is closed. */
  tns?: readonly string[];
  /** Raised by every change; what a worker compares. */
  rev: number;
  /** Present until everybody was told that it begins; after this time nobody is at it any more, and it is undone. */
  opening_until?: Date;
  /** A booking: its numbers are taken, and nothing is relayed before this time. */
  starts_at?: Date;
  /** A booking that hasn't begun. */
  unstarted?: true;
  /** Has begun, and these (by their ids) may not have been told. `id` as in `closing`. */
  starting?: { id: string; text: string; to: readonly string[] };
  /** Closed, and these texts may not have been sent to everybody. `id` carries the time, and makes them the same texts when sent again. */
  closing?: { id: string; text: string };
  /** When the worker has to look at it: it expires, or something is unfinished. */
  due_at?: Date;
  /** The last message to each participant, by the participant's id. */
  last_texts?: Readonly<Record<string, string>>;
  /** Relayed messages of which it isn't known yet whether they left: `<message id>|<id of who wrote it>|<id of the received text>`. */
  unsettled?: readonly string[];
  created_at: Date;
  /** Null: it doesn't expire. */
  expires_at: Date | null;
  /** Without a text for so long, or at that time, it is closed; seconds, and absent for never. */
  inactive_seconds?: number;
  /** Without a text for so long it is shown as inactive, and is open all the same. */
  quiet_seconds?: number;
  last_text_at: Date;
  closed_at?: Date;
  unique_name?: string;
  friendly_name?: string;
  attributes?: string;
  /** Whether everybody is told when it expires. */
  tells_expiry?: true;
}

export function claimOf(tn: string, address: string): string {
  return `${tn}|${address}`;
}

/** An exclusive number: nobody else's session may have it. */
export function wholeClaim(tn: string): string {
  return `${tn}|*`;
}

/** No number is called so. */
export function nameClaim(uniqueName: string): string {
  return `name|${uniqueName}`;
}

export function present({ participants }: SessionDoc): Participant[] {
  return participants.filter(({ left_at }) => !left_at);
}

/** When it is over by itself; null: never. */
export function endsAt({ expires_at, inactive_seconds, last_text_at }: SessionDoc): Date | null {
  const idle = inactive_seconds === undefined ? null : later(last_text_at, inactive_seconds * 1000);
  return expires_at && idle ? (expires_at < idle ? expires_at : idle) : (expires_at ?? idle);
}

export function isExpired(session: SessionDoc, now: Date): boolean {
  const end = endsAt(session);
  return end !== null && end <= now;
}

/** A booking whose time has come. */
export function isDueToStart({ state, unstarted, opening_until, starts_at }: SessionDoc, now: Date): boolean {
  return state === 'open' && unstarted === true && !opening_until && starts_at! <= now;
}

/** Sorts by time, to the millisecond. */
export function newSessionId(now: Date): string {
  return now.getTime().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
}
