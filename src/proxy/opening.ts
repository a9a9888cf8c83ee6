import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { conflict } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import { later } from '../domain/time.js';
import { checkNewSession } from './new-session-check.js';
import { NumberSearch } from './number-search.js';
import { newSessionDoc, type NewSession, type Opened } from './new-session.js';
import { nextLook } from './next-look.js';
import type { SessionDoc } from './session.js';
import { SessionTexts } from './session-texts.js';
import { SessionsRepository } from './sessions.repository.js';
import { StartTexts } from './start-texts.js';

/** Longer than everybody can take who is still at it. */
const OPENING_MILLIS = 60_000;
/** A session that is lost to a faster one means that a number is taken, so this is never reached by a pool that is not enormous. */
const TRIES = 1000;

/** Opens sessions whole or not at all. */
@Injectable()
export class Opening {
  constructor(
    private readonly numbers: NumberSearch,
    private readonly sessions: SessionsRepository,
    private readonly texts: SessionTexts,
    private readonly starts: StartTexts,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 400 for what can be no session, 409 while another open one has its unique name. */
  async open(tenant: TenantId, order: NewSession): Promise<Opened> {
    await checkNewSession(order, (addresses) => this.numbers.ownAmong(tenant, addresses), this.clock.now());
    for (let i = 0; i < TRIES; i++) {
      if (order.uniqueName !== undefined && (await this.sessions.byName(tenant, order.uniqueName)))
        throw conflict('unique_name_taken', 'Conversation with provided unique name already exists');
      const chosen = await this.numbers.choose(tenant, order);
      if ('exhausted' in chosen) return chosen;
      const now = this.clock.now();
      const made = newSessionDoc(tenant, order, chosen.tns, now);
      const session = { ...made, opening_until: later(now, OPENING_MILLIS) };
      if (!(await this.sessions.insertNew({ ...session, due_at: session.opening_until }))) continue;
      // Somebody may have begun to remove or change one of the numbers since it was chosen.
      if (await this.numbers.areUnchanged(tenant, chosen.tns)) return this.start(session, order);
      await this.sessions.remove(session);
    }
    throw new Error('Other sessions took every number first');
  }

  private async start(session: SessionDoc, { startText }: NewSession): Promise<Opened> {
    const reason = startText === undefined || session.unstarted ? null : await this.tell(session, startText);
    if (reason !== null) {
      await this.undo(session);
      return { failed: reason };
    }
    const opened = await this.confirm(session._id, session.tenant_id);
    if (opened) return { session: opened };
    await this.starts.takeBack(session, session.participants);
    return { failed: 'It was ended before everybody was told that it begins.' };
  }

  private async tell(session: SessionDoc, startText: string): Promise<string | null> {
    const text = await this.texts.named(session.tenant_id, startText);
    return this.starts.tell(session, session.participants, text);
  }

  private async confirm(id: string, tenant: TenantId): Promise<SessionDoc | null> {
    for (;;) {
      const seen = await this.sessions.byId(tenant, id);
      if (!seen || seen.state !== 'open' || !seen.opening_until) return null;
      // Where somebody has written already, the worker has more to look at than the end.
      const { opening_until: _, ...open } = seen;
      const due = seen.unsettled ? seen.due_at : nextLook(open, this.clock.now());
      const confirmed = await this.sessions.change(seen, {
        ...(due ? { $set: { due_at: due } } : {}),
        $unset: { opening_until: '', ...(due ? {} : { due_at: '' as const }) },
      });
      if (confirmed) return confirmed;
    }
  }

  /** Frees the numbers first, so that nobody confirms it any more; takes back what hasn't left; then nothing is left of it. */
  async undo({ tenant_id: tenant, _id }: SessionDoc): Promise<void> {
    const seen = await this.sessions.byId(tenant, _id);
    if (!seen?.opening_until) return;
    const now = this.clock.now();
    const closed = {
      $set: { state: 'closed', closed_at: now, due_at: now },
      $unset: { claims: '' as const, tns: '' as const },
    };
    const undone = await this.sessions.change(seen, closed);
    if (!undone) return this.undo(seen);
    await this.starts.takeBack(undone, undone.participants);
    await this.sessions.remove(undone);
  }
}
