import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { Adding } from './adding.js';
import { Beginning } from './beginning.js';
import { Ending } from './ending.js';
import type { NewParticipant, NewSession, Opened } from './new-session.js';
import { Opening } from './opening.js';
import { Removing } from './removing.js';
import { isDueToStart, isExpired, type SessionDoc } from './session.js';
import { SessionsRepository } from './sessions.repository.js';

export type { NewParticipant, NewSession, Opened } from './new-session.js';

/** Nobody is in more open sessions than the pool has numbers. */
const MOST_OF_ADDRESS = 1000;

/** Masked conversations: opened whole or not at all, ended, looked up. */
@Injectable()
export class Sessions {
  constructor(
    private readonly opening: Opening,
    private readonly adding: Adding,
    private readonly removing: Removing,
    private readonly beginning: Beginning,
    private readonly ending: Ending,
    private readonly repository: SessionsRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 400 that names the field, such as `participants.0.address`; 409 for a unique name that another open one has. */
  async open(tenant: TenantId, order: NewSession): Promise<Opened> {
    // One that has expired lets go of its name.
    if (order.uniqueName !== undefined) await this.named(tenant, order.uniqueName);
    const opened = await this.opening.open(tenant, order);
    if (!('exhausted' in opened)) return opened;
    // A number is free at the moment of its session's expiry, and not only when the worker comes to it.
    await this.ending.closeExpired(tenant);
    return this.opening.open(tenant, order);
  }

  /**
   * Null when there is no such open session. `endText`: told to everybody, from the numbers that they know; the organisation's name is put
   * in front.
   */
  async close(tenant: TenantId, id: string, endText?: string): Promise<SessionDoc | null> {
    const seen = await this.get(tenant, id);
    return seen?.state === 'open' ? this.ending.close(seen, endText) : null;
  }

  /** Adds all of them or nobody; null when there is no such open session. @throws ApiError 400 that names the field. */
  async add(tenant: TenantId, id: string, people: readonly NewParticipant[]): Promise<Opened | null> {
    if ((await this.get(tenant, id))?.state !== 'open') return null;
    const added = await this.adding.add(tenant, id, people);
    if (!added || !('exhausted' in added)) return added;
    await this.ending.closeExpired(tenant);
    return this.adding.add(tenant, id, people);
  }

  /** Null when there is no such open session, or the participant isn't in it. */
  async removeParticipant(tenant: TenantId, id: string, participantId: string): Promise<SessionDoc | null> {
    const seen = await this.get(tenant, id);
    return seen?.state === 'open' ? this.removing.remove(tenant, id, participantId) : null;
  }

  /** One that has expired is closed first. */
  async get(tenant: TenantId, id: string): Promise<SessionDoc | null> {
    const seen = await this.repository.byId(tenant, id);
    return seen && this.current(seen);
  }

  /** The open session that has this unique name; one that has expired is closed, and is none. */
  async named(tenant: TenantId, uniqueName: string): Promise<SessionDoc | null> {
    return this.ifOpen(await this.repository.byName(tenant, uniqueName));
  }

  /** Newest first; expired ones are closed first. */
  async list(tenant: TenantId, state: SessionDoc['state'] | 'any', limit: number, skip = 0): Promise<SessionDoc[]> {
    await this.ending.closeExpired(tenant);
    return this.repository.list(tenant, state, limit, skip);
  }

  /** The session under way in which this person sees this number; one that has expired is closed, and is none. */
  async withClaim(tenant: TenantId, tn: string, address: string): Promise<SessionDoc | null> {
    const session = await this.taking(tenant, tn, address);
    return session?.unstarted ? null : session;
  }

  /** The same, and bookings that have taken the number. */
  async taking(tenant: TenantId, tn: string, address: string): Promise<SessionDoc | null> {
    return this.ifOpen(await this.repository.byClaim(tenant, tn, address));
  }

  /** Open sessions in which this person is. */
  async ofAddress(tenant: TenantId, address: string): Promise<SessionDoc[]> {
    const seen = await this.repository.ofAddress(tenant, address, 'open', MOST_OF_ADDRESS);
    const current = await Promise.all(seen.map((session) => this.current(session)));
    return current.filter((session) => session?.state === 'open') as SessionDoc[];
  }

  private async ifOpen(seen: SessionDoc | null): Promise<SessionDoc | null> {
    const current = seen && (await this.current(seen));
    return current?.state === 'open' ? current : null;
  }

  /** Whatever its time has come for is done first. */
  private async current(seen: SessionDoc): Promise<SessionDoc | null> {
    const now = this.clock.now();
    const isOver = seen.state === 'open' && isExpired(seen, now);
    if (!isOver && !isDueToStart(seen, now)) return seen;
    const done = isOver ? await this.ending.expire(seen) : await this.beginning.begin(seen);
    return done ?? (await this.repository.byId(seen.tenant_id, seen._id));
  }
}
