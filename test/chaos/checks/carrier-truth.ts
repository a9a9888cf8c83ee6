import type { MessageDoc } from '../../../src/messages/message.js';
import type { TakenText } from '../../fakes/provider-server.js';

/** Holds what the gateway says of its messages against what a provider really did. */
export class CarrierTruth {
  readonly ends: Record<string, number> = {};
  private readonly problems: string[] = [];
  private readonly taken = new Map<string, TakenText>();
  private readonly missing: Set<string>;
  private readonly counts = { total: 0, sent: 0, delivered: 0, failed: 0, pending: 0, undelivered: 0 };

  /** `numbers`: whom texts were accepted for, each one text. */
  constructor(taken: readonly TakenText[], numbers: ReadonlySet<string>) {
    this.missing = new Set(numbers);
    for (const text of taken) {
      if (this.taken.has(text.to)) this.problems.push(`the provider took the text to ${text.to} twice`);
      this.taken.set(text.to, text);
    }
  }

  add(message: MessageDoc): void {
    if (!this.missing.delete(message.to)) this.problems.push(`${message._id} is one too many`);
    const problem = this.problemOf(message);
    if (problem) this.problems.push(`${message._id} ${problem}: ${JSON.stringify(message.history.slice(-4))}`);
    const outcome = message.delivery?.outcome;
    const end = [message.status, message.last_error, outcome].filter(Boolean).join(' ');
    this.ends[end] = (this.ends[end] ?? 0) + 1;
    this.count(message);
  }

  /** `summary`: what the report says of the same messages. */
  wrong(summary: Readonly<Record<string, number>>): string[] {
    for (const [column, count] of Object.entries(this.counts)) {
      if (summary[column] !== count)
        this.problems.push(`the report says ${column}: ${summary[column]}, there are ${count}`);
    }
    return [...this.problems, ...[...this.missing].map((to) => `the text to ${to} is lost`)];
  }

  private problemOf(message: MessageDoc): string | null {
    const text = this.taken.get(message.to);
    switch (message.status) {
      case 'DELIVERED':
        return text?.status === 'delivered' ? null : 'is DELIVERED, and was not';
      case 'SENT':
        if (message.delivery?.outcome !== 'undelivered') return 'is SENT without an end';
        return text?.status === 'undelivered' ? null : 'is undelivered, and was not';
      case 'FAILED':
        // A receipt may tell of the failure before any of the sending.
        if (text) return text.status === 'undelivered' ? null : 'FAILED, and the provider took it';
        return message.last_error === '21211' ? null : `FAILED with ${message.last_error}`;
      case 'SENDING':
        return isExplained(message) ? null : 'is SENDING, and nothing says why';
      default:
        return `is still ${message.status}`;
    }
  }

  private count({ status, delivery }: MessageDoc): void {
    this.counts.total++;
    if (status === 'SENT' || status === 'DELIVERED') this.counts.sent++;
    if (status === 'DELIVERED') this.counts.delivered++;
    if (status === 'FAILED') this.counts.failed++;
    if (status === 'PENDING' || status === 'ASSIGNED' || status === 'SENDING') this.counts.pending++;
    if (delivery?.outcome === 'undelivered') this.counts.undelivered++;
  }
}

/** Nobody can know: there was no answer, or the gateway died during the call. */
function isExplained({ history, carrier }: MessageDoc): boolean {
  const notes = history.map(({ note }) => note ?? '');
  const unknown = notes.some(
    (note) => note.includes('nobody knows whether it went out') || note === 'its holder never told',
  );
  return unknown && carrier?.ref === undefined;
}
