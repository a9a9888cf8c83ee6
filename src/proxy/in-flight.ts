import { Injectable } from '@nestjs/common';
import { idTime } from '../common/ids.js';
import { SYSTEM } from '../domain/actor.js';
import { Cancellation } from '../messages/cancellation.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import type { Participant, SessionDoc } from './session.js';

/** Texts to somebody who has left a session that have not left themselves. */
@Injectable()
export class InFlight {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly cancellation: Cancellation,
  ) {}

  /** What was stored for them while they were in it, as far as the session tells of it: the last texts, and relays. */
  async takeBack(session: SessionDoc, { id, address, left_at }: Participant): Promise<void> {
    const { tenant_id: tenant } = session;
    let last = session.last_texts?.[id];
    while (last) {
      const found = await this.cancellation.cancel(tenant, last, SYSTEM);
      // What went before one that has left has left, too.
      last = found && (found.canceled || found.message.status === 'ASSIGNED') ? found.message.follows : undefined;
    }
    const noted = [...new Set(session.unsettled?.map((entry) => entry.slice(0, entry.indexOf('|'))))];
    if (noted.length === 0) return;
    for (const { _id, to } of await this.messages.byIds(tenant, noted))
      if (to === address && (!left_at || idTime(_id) <= left_at)) await this.cancellation.cancel(tenant, _id, SYSTEM);
  }
}
