import { Injectable } from '@nestjs/common';
import { idTime } from '../common/ids.js';
import type { MessageStatus } from '../domain/message-status.js';
import { later } from '../domain/time.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import type { SessionDoc } from './session.js';
import { SessionTexts } from './session-texts.js';

const SHORTEST_MILLIS = 5000;
const LONGEST_MILLIS = 600_000;
const UNMADE_MILLIS = 3_600_000;

/** Follows relayed texts until they have left; who wrote one that never will is told, once. */
@Injectable()
export class UnsettledRelays {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly texts: SessionTexts,
  ) {}

  /** What is still open, and when to look again: the longer the oldest waits, the less often. */
  async settle(session: SessionDoc, now: Date): Promise<{ left: string[]; lookAt: Date | null }> {
    const all = [...new Set(session.unsettled)];
    if (all.length === 0) return { left: [], lookAt: null };
    const fates = await this.messages.fates(session.tenant_id, all.map(messageOf));
    const statusOf = (entry: string) => fates.get(messageOf(entry))?.status;
    const failed = all.filter((entry) => statusOf(entry) === 'FAILED');
    if (failed.length > 0) await this.tell(session, failed);
    const left = all.filter((entry) => this.isOpen(statusOf(entry), entry, now));
    if (left.length === 0) return { left, lookAt: null };
    const age = now.getTime() - idTime(messageOf(left[0]!)).getTime();
    return { left, lookAt: later(now, Math.min(Math.max(age / 4, SHORTEST_MILLIS), LONGEST_MILLIS)) };
  }

  /** One that isn't there yet is made soon, or never: then its writer was told at once. */
  private isOpen(status: MessageStatus | undefined, entry: string, now: Date): boolean {
    if (status === undefined) return later(idTime(messageOf(entry)), UNMADE_MILLIS) > now;
    return status === 'PENDING' || status === 'ASSIGNED' || status === 'SENDING';
  }

  /** One notice for each received text, however many of its messages failed; it is the one that a text gets which can't be relayed at all. */
  private async tell(session: SessionDoc, failed: readonly string[]): Promise<void> {
    const text = await this.texts.notice(session.tenant_id, 'not_relayed_msg');
    const writers = new Map(failed.map((entry) => [receivedOf(entry), entry.split('|')[1]]));
    const texts = [...writers].flatMap(([id, writer]) => {
      const to = session.participants.find((one) => one.id === writer);
      return to ? [{ to, because: { id, purpose: 'not relayed' }, text }] : [];
    });
    await this.texts.send(session, texts);
  }
}

function messageOf(entry: string): string {
  return entry.slice(0, entry.indexOf('|'));
}

function receivedOf(entry: string): string {
  return entry.slice(entry.lastIndexOf('|') + 1);
}
