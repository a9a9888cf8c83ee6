import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { idMaker } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Update } from '../database/query.js';
import { isExpired, present, type SessionDoc } from './session.js';
import { SessionTexts } from './session-texts.js';
import { SessionsRepository } from './sessions.repository.js';

const PAGE = 50;

/** Ends sessions: the numbers are free at once, then everybody is told. A gateway that dies in between leaves the rest to the worker. */
@Injectable()
export class Ending {
  private readonly nextId: () => string;

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly texts: SessionTexts,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('end', () => clock.now());
  }

  /** Null when somebody else has ended it. */
  async close(open: SessionDoc, endText?: string): Promise<SessionDoc | null> {
    const text = endText === undefined ? undefined : await this.texts.named(open.tenant_id, endText);
    const closed = await this.write(open, text);
    return closed && this.finish(closed);
  }

  /** Null when somebody else has ended it. */
  async expire(open: SessionDoc): Promise<SessionDoc | null> {
    const text = open.tells_expiry ? await this.texts.notice(open.tenant_id, 'session_end_msg') : undefined;
    const closed = await this.write(open, text);
    return closed && this.finish(closed);
  }

  /** Only while it is as it was seen: else null. Nobody has been told by then. */
  async closeAsSeen(open: SessionDoc, text: string): Promise<SessionDoc | null> {
    return this.sessions.change(open, this.closed(open, text));
  }

  async closeExpired(tenant: TenantId): Promise<void> {
    const now = this.clock.now();
    for (;;) {
      const due = (await this.sessions.due(now, PAGE, tenant)).filter(
        (session) => session.state === 'open' && isExpired(session, now),
      );
      for (const session of due) await this.expire(session);
      if (due.length < PAGE) return;
    }
  }

  /** Tells those who may not have been told; whoever was isn't told again. */
  async finish(closed: SessionDoc): Promise<SessionDoc> {
    const { closing } = closed;
    if (!closing) return closed;
    await this.texts.send(
      closed,
      present(closed).map((to) => ({ to, because: { id: closing.id, purpose: to.id }, text: closing.text })),
    );
    return (await this.sessions.add(closed, { $unset: { closing: '' } })) ?? closed;
  }

  private async write(open: SessionDoc, text: string | undefined): Promise<SessionDoc | null> {
    let seen: SessionDoc | null = open;
    while (seen?.state === 'open') {
      const closed: SessionDoc | null = await this.sessions.change(seen, this.closed(seen, text));
      if (closed) return closed;
      seen = await this.sessions.byId(open.tenant_id, open._id);
    }
    return null;
  }

  /** Of a booking that hasn't begun nobody was told, and so nobody is told that it ends. */
  private closed({ unstarted }: SessionDoc, text: string | undefined): Update {
    const now = this.clock.now();
    const closing = text === undefined || unstarted ? {} : { closing: { id: this.nextId(), text } };
    return {
      $set: { state: 'closed', closed_at: now, due_at: now, ...closing },
      $unset: { claims: '', tns: '', opening_until: '', unstarted: '', starting: '' },
    };
  }
}
