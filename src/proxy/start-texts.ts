import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../domain/actor.js';
import { Cancellation } from '../messages/cancellation.js';
import { ownTextId } from '../messages/own-texts.js';
import { Departures } from '../messages/departures.js';
import type { Participant, SessionDoc } from './session.js';
import { SessionTexts } from './session-texts.js';

/** Tells people that a session has begun for them, once each, or takes that back. */
@Injectable()
export class StartTexts {
  constructor(
    private readonly texts: SessionTexts,
    private readonly departures: Departures,
    private readonly cancellation: Cancellation,
  ) {}

  /** Why somebody couldn't be told; null: everybody was, or their texts still wait to be sent. */
  async tell(session: SessionDoc, people: readonly Participant[], text: string): Promise<string | null> {
    const isComplete = await this.texts.send(
      session,
      people.map((to) => ({ to, because: startOf(to), text })),
    );
    if (!isComplete) return 'Nothing can be sent by the number: its carrier is not set up, or its phone is not active.';
    const ids = people.map((to) => ownTextId(startOf(to)));
    return this.departures.failureOf(session.tenant_id, ids);
  }

  /** What hasn't left. True when everybody's has left already. */
  async takeBack({ tenant_id }: SessionDoc, people: readonly Participant[]): Promise<boolean> {
    let haveLeft = true;
    for (const to of people) {
      const found = await this.cancellation.cancel(tenant_id, ownTextId(startOf(to)), SYSTEM);
      if (!found || ['CANCELED', 'FAILED'].includes(found.message.status)) haveLeft = false;
    }
    return haveLeft;
  }
}

function startOf({ id }: Participant) {
  return { id, purpose: 'start' };
}
