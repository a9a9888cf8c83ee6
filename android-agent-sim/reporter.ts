import type { Handset } from './handset.js';
import { Outbox } from './outbox.js';
import type { JournalEntry } from './journal.js';
import type { Report, ReportResult, ReportStatus } from './protocol-types.js';

interface Telling {
  report: Report;
  /** Called after the last report about this message. */
  last: boolean;
}

/** Reports the messages' statuses to the server, and records in the journal which ones it has received. */
export class Reporter {
  readonly #outbox: Outbox<Telling>;

  constructor(
    private readonly handset: Handset,
    onTold: () => void,
  ) {
    const { network, timers } = handset;
    this.#outbox = new Outbox<Telling>({
      deliver: (reports, signal) => this.#deliver(reports, signal),
      key: ({ report }) => report.message_id,
      onTrouble: (error, refused) => handset.trouble(error, refused?.report.message_id),
      onTold,
      backoff: handset.newBackoff(),
      network,
      timers,
    });
  }

  get waiting(): number {
    return this.#outbox.size;
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#outbox.run(signal);
  }

  /** `leaseId` differs from the journal's lease when the message was leased again after it had been sent. */
  tell(entry: JournalEntry, status: ReportStatus, last: boolean, leaseId = entry.lease_id): void {
    const report: Report = { message_id: entry.message_id, status, reported_at: entry.at };
    if (status === 'FAILED' && entry.error) report.error = entry.error;
    if (leaseId) report.lease_id = leaseId;
    this.#outbox.add({ report, last });
  }

  /** Reports the last known status; before a DELIVERED also SENT, if the server may not have received it. */
  tellLastKnown(entry: JournalEntry, leaseId?: string): void {
    const status = entry.state === 'HANDED' || entry.state === 'ASKED' ? 'SENDING' : entry.state;
    if (status === 'DELIVERED' && entry.told !== 'SENT') this.tell(entry, 'SENT', false, leaseId);
    this.tell(entry, status, status !== 'SENDING' && !this.handset.radio.knows(entry.message_id), leaseId);
  }

  async #deliver(tellings: Telling[], signal: AbortSignal): Promise<void> {
    const reports = tellings.map(({ report }) => report);
    const { results = [] } = await this.handset.client.report(reports, signal);
    const byId = new Map(results.map((result) => [result.message_id, result]));
    for (const telling of tellings) await this.#answered(telling, byId.get(telling.report.message_id));
  }

  /** A conflict and an invalid report are final, too: a retry of the same report would be refused again. */
  async #answered({ report, last }: Telling, answer: ReportResult | undefined): Promise<void> {
    const { message_id, status } = report;
    const { emit, journal } = this.handset;
    if (answer && ['conflict', 'unknown', 'invalid'].includes(answer.result)) {
      emit('conflict', { messageId: message_id, result: answer.result, detail: conflictDetail(status, answer) });
    }
    await journal.told(message_id, status);
    if (last) emit('ended', { messageId: message_id, result: status });
  }
}

export function conflictDetail(asked: ReportStatus, answer: ReportResult): string {
  if (answer.reason) return `${asked} is invalid: ${answer.reason}`;
  const allowed = answer.allowed ? `, allowed: ${answer.allowed.join(' ') || 'none'}` : '';
  return `${asked} refused; the message is ${answer.status ?? 'unknown'}${allowed}`;
}
