import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { idMaker } from '../common/ids.js';
import { present, type SessionDoc } from './session.js';
import { SessionTexts } from './session-texts.js';
import { SessionsRepository } from './sessions.repository.js';

/** Begins bookings: texts are relayed at once, then everybody is told. A gateway that dies in between leaves the rest to the worker. */
@Injectable()
export class Beginning {
  private readonly nextId: () => string;

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly texts: SessionTexts,
    private readonly clock: Clock,
  ) {
    // The participants' own ids may be a year old by now.
    this.nextId = idMaker('beg', () => clock.now());
  }

  /** Null when somebody else has begun or ended it. */
  async begin(booked: SessionDoc): Promise<SessionDoc | null> {
    const text = await this.texts.notice(booked.tenant_id, 'session_start_msg');
    let seen: SessionDoc | null = booked;
    while (seen?.state === 'open' && seen.unstarted) {
      // Whoever is added from now on is told by being added.
      const starting = { id: this.nextId(), text, to: present(seen).map(({ id }) => id) };
      const begun: SessionDoc | null = await this.sessions.change(seen, {
        $set: { starting },
        $unset: { unstarted: '' },
        $min: { due_at: this.clock.now() },
      });
      if (begun) return this.finish(begun);
      seen = await this.sessions.byId(booked.tenant_id, booked._id);
    }
    return null;
  }

  /** Tells those who may not have been told; whoever was isn't told again. */
  async finish(begun: SessionDoc): Promise<SessionDoc> {
    const { starting } = begun;
    if (!starting) return begun;
    await this.texts.send(
      begun,
      present(begun)
        .filter(({ id }) => starting.to.includes(id))
        .map((to) => ({ to, because: { id: starting.id, purpose: to.id }, text: starting.text })),
    );
    return (await this.sessions.add(begun, { $unset: { starting: '' } })) ?? begun;
  }
}
