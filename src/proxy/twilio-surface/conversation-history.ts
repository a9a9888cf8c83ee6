import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { InboundService } from '../../inbound/inbound.service.js';
import type { Participant, SessionDoc } from '../session.js';
import { writeAddress } from './addresses.js';

/** Of each participant. */
const MOST = 500;

/** What people wrote in a session: the texts that were received from them, on the number that they know. */
@Injectable()
export class ConversationHistory {
  constructor(private readonly inbound: InboundService) {}

  async of(caller: Principal, session: SessionDoc) {
    const each = await Promise.all(session.participants.map((one) => this.by(caller, session, one)));
    return each
      .flat()
      .toSorted((a, b) =>
        a.dateCreated === b.dateCreated ? compare(a.sid, b.sid) : compare(a.dateCreated, b.dateCreated),
      )
      .map((message, index) => ({ ...message, index }));
  }

  private async by(
    caller: Principal,
    session: SessionDoc,
    { id, address, channel, tn, joined_at, left_at }: Participant,
  ) {
    const { items } = await this.inbound.list(caller, { from: address, limit: MOST, skip: 0 });
    const until = left_at ?? session.closed_at;
    return items
      .filter(({ to, created_at }) => (to ?? tn) === tn && created_at >= joined_at && (!until || created_at <= until))
      .map((text) => ({
        sid: text.id,
        participantSid: id,
        author: writeAddress(address, channel),
        body: text.text,
        dateCreated: text.created_at.toISOString(),
      }));
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
