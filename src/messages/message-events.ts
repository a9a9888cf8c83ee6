import { Injectable } from '@nestjs/common';
import type { Update } from '../database/query.js';
import type { Outcome } from '../domain/delivery.js';
import type { MessageStatus } from '../domain/message-status.js';
import type { Candidate } from './candidate.js';
import type { HistoryEntry, MessageDoc } from './message.js';

/** The message as it was before; `from` is null for a new one. Called on the path of the write: quick, and never throws. */
export type MessageWatcher = (message: Candidate, from: MessageStatus | null, to: MessageStatus, at: Date) => void;

/** What was told of a message when its status couldn't follow any more. As quick, and never throws. */
export type OutcomeWatcher = (message: Candidate, outcome: Outcome) => void;

/** Tells of every move, once it is written. The repositories are the only ones that write, so they are the only ones that tell. */
@Injectable()
export class MessageEvents {
  private readonly watchers: MessageWatcher[] = [];
  private readonly outcomeWatchers: OutcomeWatcher[] = [];

  watch(watcher: MessageWatcher): void {
    this.watchers.push(watcher);
  }

  watchOutcomes(watcher: OutcomeWatcher): void {
    this.outcomeWatchers.push(watcher);
  }

  accepted(message: MessageDoc): void {
    this.tell(message, null, message.status, message.created_at);
  }

  /** What an update did to the status stands in the history that it adds: a report of DELIVERED may make two moves. */
  written(message: Candidate, update: Update): void {
    for (const entry of (update.$push?.['history']?.$each ?? []) as readonly HistoryEntry[]) {
      if (entry.to && entry.from && entry.to !== entry.from) this.tell(message, entry.from, entry.to, entry.at);
      if (entry.outcome) for (const watcher of this.outcomeWatchers) watcher(message, entry.outcome);
    }
  }

  private tell(message: Candidate, from: MessageStatus | null, to: MessageStatus, at: Date): void {
    for (const watcher of this.watchers) watcher(message, from, to, at);
  }
}
