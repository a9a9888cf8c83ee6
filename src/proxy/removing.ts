import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { idMaker } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { ownTextId } from '../messages/own-texts.js';
import { Ending } from './ending.js';
import { InFlight } from './in-flight.js';
import { withChanged, withoutTheirs } from './membership.js';
import { present, type Participant, type SessionDoc } from './session.js';
import { SessionTexts } from './session-texts.js';
import { SessionsRepository } from './sessions.repository.js';

/** Removes people from an open session: their numbers are free at once, then they are told. Nobody talks alone: without a second one it ends. */
@Injectable()
export class Removing {
  private readonly nextId: () => string;

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly ending: Ending,
    private readonly texts: SessionTexts,
    private readonly inFlight: InFlight,
    private readonly messages: MessagesRepository,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('end', () => clock.now());
  }

  /** Null when there is no such open session, or the participant isn't in it. */
  async remove(tenant: TenantId, id: string, participantId: string): Promise<SessionDoc | null> {
    const text = await this.texts.notice(tenant, 'session_end_msg');
    for (;;) {
      const seen = await this.sessions.byId(tenant, id);
      if (seen?.state !== 'open') return null;
      const who = present(seen).find((one) => one.id === participantId);
      if (!who) return null;
      const after = present(seen).length > 2 ? await this.leave(seen, who, text) : await this.end(seen, who, text);
      if (after) return after;
    }
  }

  /** Tells those who have left and may not have been told; whoever was isn't told again. */
  async finish(session: SessionDoc): Promise<SessionDoc> {
    const leavers = session.participants.filter(({ leaving }) => leaving);
    if (leavers.length === 0) return session;
    const texts = leavers.map((to) => ({
      to,
      because: { id: to.leaving!.id, purpose: to.id },
      text: to.leaving!.text,
    }));
    const told = await this.messages.fates(
      session.tenant_id,
      texts.map(({ because }) => ownTextId(because)),
    );
    // The last text to whoever was told is that one.
    for (const { to, because } of texts) if (!told.has(ownTextId(because))) await this.inFlight.takeBack(session, to);
    await this.texts.send(session, texts);
    const ids = new Set(leavers.map(({ id }) => id));
    for (;;) {
      const seen = await this.sessions.byId(session.tenant_id, session._id);
      if (!seen) return session;
      const participants = withChanged(
        seen,
        ({ id }) => ids.has(id),
        ({ leaving: _, ...one }) => one,
      );
      const changed = await this.sessions.change(seen, { $set: { participants } });
      if (changed) return changed;
    }
  }

  private async leave(seen: SessionDoc, who: Participant, text: string): Promise<SessionDoc | null> {
    const now = this.clock.now();
    const { joining: _, ...one } = who;
    // Whoever wasn't told that it begins isn't told that it ends.
    const leaving = seen.unstarted ? {} : { leaving: { id: this.nextId(), text } };
    const left = await this.sessions.change(seen, {
      $set: {
        participants: withChanged(
          seen,
          ({ id }) => id === who.id,
          () => ({ ...one, left_at: now, ...leaving }),
        ),
        ...withoutTheirs(seen, [who]),
      },
      $min: { due_at: now },
    });
    return left && this.finish(left);
  }

  private async end(seen: SessionDoc, who: Participant, text: string): Promise<SessionDoc | null> {
    const ended = await this.ending.closeAsSeen(seen, text);
    if (!ended) return null;
    await this.inFlight.takeBack(ended, who);
    return this.ending.finish(ended);
  }
}
