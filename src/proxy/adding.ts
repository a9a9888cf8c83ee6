import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Update } from '../database/query.js';
import { later } from '../domain/time.js';
import { joiners, withChanged, withoutTheirs } from './membership.js';
import { checkNewcomers } from './new-session-check.js';
import { newClaims, newParticipants, type NewParticipant, type Opened } from './new-session.js';
import type { TnDoc } from './tn.js';
import { NumberSearch } from './number-search.js';
import type { Participant, SessionDoc } from './session.js';
import { SessionTexts } from './session-texts.js';
import { SessionsRepository } from './sessions.repository.js';
import { StartTexts } from './start-texts.js';

/** Longer than everybody can take who is still at it. */
const JOINING_MILLIS = 60_000;
/** Each means that somebody else was faster. */
const TRIES = 1000;

/** Adds people to an open session, all of them or nobody. */
@Injectable()
export class Adding {
  constructor(
    private readonly numbers: NumberSearch,
    private readonly sessions: SessionsRepository,
    private readonly starts: StartTexts,
    private readonly texts: SessionTexts,
    private readonly clock: Clock,
  ) {}

  /** Null when there is no such open session. @throws ApiError 400 for whoever can't be added. */
  async add(tenant: TenantId, id: string, people: readonly NewParticipant[]): Promise<Opened | null> {
    for (let i = 0; i < TRIES; i++) {
      const seen = await this.sessions.byId(tenant, id);
      if (seen?.state !== 'open') return null;
      await checkNewcomers(seen, people, (addresses) => this.numbers.ownAmong(tenant, addresses));
      const chosen = await this.numbers.choose(tenant, { participants: people, numbers: 'each' }, seen);
      if ('exhausted' in chosen) return chosen;
      const joining = await this.claim(seen, people, chosen.tns);
      if (!joining) continue;
      const { session, joined } = joining;
      // Somebody may have begun to remove or change one of the numbers since it was chosen.
      if (await this.numbers.areUnchanged(tenant, chosen.tns)) return this.tell(session, joined);
      await this.undo(session, joined[0]!.joining!.id);
    }
    throw new Error('Others took every number, or changed the session, first');
  }

  /** Finishes or undoes what nobody is at any more: whoever was told is in, unless one of those added with them wasn't. */
  async settle(session: SessionDoc, now: Date): Promise<void> {
    const isOver = ({ left_at, joining }: Participant) =>
      joining && (left_at || joining.until <= now || session.state === 'closed');
    const ids = new Set(session.participants.filter(isOver).map(({ joining }) => joining!.id));
    for (const id of ids) {
      const joined = joiners(session, id);
      const isTold = !joined.some(({ left_at }) => left_at) && (await this.starts.takeBack(session, joined));
      if (!isTold || !(await this.confirm(session, id))) await this.undo(session, id);
    }
  }

  private async claim(seen: SessionDoc, people: readonly NewParticipant[], tns: readonly TnDoc[]) {
    const now = this.clock.now();
    const until = later(now, JOINING_MILLIS);
    const made = newParticipants(people, tns, now, seen.unstarted ? seen.starts_at : now);
    const joined = made.map((one) => ({ ...one, joining: { id: made[0]!.id, until } }));
    const session = await this.sessions.claim(seen, {
      $set: {
        participants: [...seen.participants, ...joined],
        tns: [...new Set([...(seen.tns ?? []), ...joined.map(({ tn }) => tn)])],
      },
      $push: { claims: { $each: newClaims(joined, tns).filter((claim) => !seen.claims?.includes(claim)) } },
      $min: { due_at: until },
    });
    return session && { session, joined };
  }

  private async tell(session: SessionDoc, joined: readonly Participant[]): Promise<Opened> {
    const { id } = joined[0]!.joining!;
    const text = await this.texts.notice(session.tenant_id, 'session_start_msg');
    // Of a booking that hasn't begun everybody is told when it does.
    const failed = session.unstarted ? null : await this.starts.tell(session, joined, text);
    if (failed !== null) {
      await this.undo(session, id);
      return { failed };
    }
    const confirmed = await this.confirm(session, id);
    if (confirmed) return { session: confirmed };
    await this.starts.takeBack(session, joined);
    return { failed: 'It was ended before everybody was told that it begins.' };
  }

  private confirm(session: SessionDoc, id: string): Promise<SessionDoc | null> {
    return this.change(session, id, (seen) =>
      seen.state === 'open' && joiners(seen, id).every(({ left_at }) => !left_at)
        ? { $set: { participants: withChanged(seen, isOf(id), ({ joining: _, ...one }) => one) } }
        : null,
    );
  }

  /** Gives the numbers back first, so that nobody confirms it any more; takes back what hasn't left; then nothing is left of it. */
  private async undo(session: SessionDoc, id: string): Promise<void> {
    const left_at = this.clock.now();
    const undone = await this.change(session, id, (seen) => ({
      $set: {
        participants: withChanged(seen, isOf(id), (one) => ({ left_at, ...one })),
        ...withoutTheirs(seen, joiners(seen, id)),
      },
    }));
    if (!undone) return;
    await this.starts.takeBack(undone, joiners(undone, id));
    await this.change(undone, id, ({ participants }) => ({
      $set: { participants: participants.filter((one) => !isOf(id)(one)) },
    }));
  }

  /** Null when there is nobody of them any more, or `make` gives it up. */
  private async change(
    { tenant_id, _id }: SessionDoc,
    id: string,
    make: (seen: SessionDoc) => Update | null,
  ): Promise<SessionDoc | null> {
    for (;;) {
      const seen = await this.sessions.byId(tenant_id, _id);
      const update = seen && joiners(seen, id).length > 0 ? make(seen) : null;
      if (!seen || !update) return null;
      const changed = await this.sessions.change(seen, update);
      if (changed) return changed;
    }
  }
}

function isOf(id: string) {
  return ({ joining }: Participant) => joining?.id === id;
}
