import { about } from './about.js';
import { Bell } from './bell.js';
import { asError, StoppedError } from './errors.js';
import { Hand } from './hand.js';
import type { Handset } from './handset.js';
import type { Heart } from './heartbeat.js';
import type { JournalEntry } from './journal.js';
import { longLived } from './long-lived.js';
import { Poller } from './poller.js';
import type { RadioEvent } from './radio.js';
import { Reporter } from './reporter.js';
import { Sender } from './sender.js';

export type End = { why: 'crashed' | 'stopped' } | { why: 'broken'; error: Error };

const STATE = { sent: 'SENT', failed: 'FAILED', delivered: 'DELIVERED' } as const;

/** The app from its start to its stop or crash: a crash loses everything in this object. */
export class Life {
  readonly #hand = new Hand();
  readonly #bell = new Bell();
  readonly #polling = longLived();
  readonly #over = longLived();
  readonly #reporter: Reporter;
  readonly #poller: Poller;
  readonly #sender: Sender;
  #end: End = { why: 'stopped' };
  /** Results of the radio that are being written to the journal. */
  #noting = 0;

  constructor(
    private readonly handset: Handset,
    private readonly heart: Heart,
  ) {
    this.#reporter = new Reporter(handset, () => this.#bell.ring());
    this.#poller = new Poller(handset, this.#hand, this.#reporter, this.#bell);
    this.#sender = new Sender(handset, this.#hand, this.#bell);
  }

  get waitingReports(): number {
    return this.#reporter.waiting;
  }

  /** Never rejects. */
  async run(): Promise<End> {
    const { inbox, radio, received } = this.handset;
    const signal = this.#over.signal;
    this.#recall();
    radio.attach((event) => void this.#hear(event).catch((error) => this.#finish({ why: 'broken', error })));
    await Promise.all(
      [
        this.#poller.run(this.#polling.signal),
        this.#sender.run(signal),
        this.#reporter.run(signal),
        received.run(signal),
        inbox?.run(this.handset, this.#polling.signal) ?? Promise.resolve(),
        this.heart.run(signal),
      ].map((loop) => loop.catch((error: unknown) => this.#broke(error))),
    );
    radio.detach();
    return this.#end;
  }

  /** Stops leasing and starting texts, sends the remaining reports, and ends when that is done or `signal` aborts. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#polling.abort();
    this.#sender.drain();
    const { radio, received, timers } = this.handset;
    const busy = () =>
      this.#sender.busy || this.#noting > 0 || !radio.idle || this.#reporter.waiting > 0 || received.size > 0;
    while (busy() && !signal.aborted && !this.#over.signal.aborted) await this.#bell.wait(signal, timers, 50);
    this.#finish({ why: 'stopped' });
  }

  /** Continues the messages that an earlier run of the app left in the journal. */
  #recall(): void {
    for (const entry of this.handset.journal.entries()) {
      if (entry.state === 'ASKED') {
        if (entry.job) this.#sender.askAgain(entry.job);
      } else if (entry.told !== (entry.state === 'HANDED' ? 'SENDING' : entry.state)) {
        this.#reporter.tellLastKnown(entry);
      }
    }
  }

  async #hear({ kind, job, slot, error, why, last, replies }: RadioEvent): Promise<void> {
    const { emit, journal, timers, trouble } = this.handset;
    if (kind === 'unknown') {
      // It stays HANDED in the journal and SENDING at the server, which calls it UNCONFIRMED in time.
      trouble(new Error(`${why}. Nobody knows whether this text was sent; it won't be sent again`), job.message_id);
      this.#bell.ring();
      return;
    }
    const now = journal.get(job.message_id);
    const entry: JournalEntry = {
      message_id: job.message_id,
      state: STATE[kind],
      at: new Date(timers.now()).toISOString(),
      ...(job.lease_id && { lease_id: job.lease_id }),
      ...(error && { error }),
      ...(now?.told && { told: now.told }),
    };
    this.#noting++;
    await journal.write(entry).finally(() => this.#noting--);
    emit(kind, { ...about(job), ...(error && { code: error.code ?? '', detail: error.message }) });
    if (replies) this.#receiveReply(job.message_id, job.to, slot);
    this.#bell.ring();
    if (kind !== 'delivered' && this.#struck()) return;
    this.#reporter.tell(entry, entry.state as 'SENT', last);
  }

  #receiveReply(messageId: string, from: string, slot: number): void {
    const { emit, options, received, sims, timers } = this.handset;
    const reply = {
      from,
      ...(sims[slot]?.number && { to: sims[slot].number }),
      text: options.inboundText,
      received_at: new Date(timers.now()).toISOString(),
      sim_slot: slot,
      external_id: `${messageId}-reply`,
    };
    received.add({ text: reply });
    emit('inbound', { messageId, to: from, text: options.inboundText });
  }

  /** Whether the app crashes at this send: after it was written to the journal, before it was reported. */
  #struck(): boolean {
    const { fate, network, options } = this.handset;
    const crashes = fate() < options.crash;
    const loses = fate() < options.offline;
    if (this.#over.signal.aborted || this.#polling.signal.aborted) return false;
    if (crashes) this.#finish({ why: 'crashed' });
    else if (loses && network.up) void this.#spell();
    return crashes;
  }

  async #spell(): Promise<void> {
    const { emit, network, options, timers } = this.handset;
    network.lose();
    emit('offline', { detail: `no network for ${options.offlineSeconds} s` });
    await timers.sleep(options.offlineSeconds * 1000, this.#polling.signal);
    network.restore();
    if (!this.#over.signal.aborted) emit('online');
  }

  #broke(error: unknown): void {
    if (!(error instanceof StoppedError)) this.#finish({ why: 'broken', error: asError(error) });
  }

  #finish(end: End): void {
    if (this.#over.signal.aborted) return;
    this.#end = end;
    this.#over.abort();
    this.#polling.abort();
    this.#bell.ring();
  }
}
