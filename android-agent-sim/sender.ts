import { isBodyRefused, RefusedError, retryAfterMs, StoppedError } from './errors.js';
import type { Bell } from './bell.js';
import type { Hand } from './hand.js';
import type { Handset } from './handset.js';
import type { Job, ReportAnswer, ReportResult } from './protocol-types.js';
import { conflictDetail } from './reporter.js';
import { about } from './about.js';

/** Takes the most urgent held jobs when the radio and the pace allow it, asks for them, and sends those that are granted. */
export class Sender {
  /** Jobs for which an earlier run of the app asked and which may already be granted. */
  readonly #doubtful: Job[] = [];
  #busy = false;
  #draining = false;

  constructor(
    private readonly handset: Handset,
    private readonly hand: Hand,
    private readonly bell: Bell,
  ) {}

  get busy(): boolean {
    return this.#busy || this.#doubtful.length > 0;
  }

  askAgain(job: Job): void {
    this.#doubtful.push(job);
  }

  /** True when no new text may be started. */
  drain(): void {
    this.#draining = true;
    this.bell.ring();
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const jobs = await this.#next(signal);
      if (jobs.length === 0) continue;
      this.#busy = true;
      try {
        await this.#send(this.handset.options.dishonest ? jobs : await this.#ask(jobs, signal));
      } finally {
        this.#busy = false;
        this.bell.ring();
      }
    }
  }

  /** Chosen at the last moment, so that a HIGH job that arrived while the radio was busy goes first. */
  async #next(signal: AbortSignal): Promise<Job[]> {
    const { pace, radio, timers } = this.handset;
    const now = timers.now();
    if (this.#doubtful.length > 0) return this.#doubtful.splice(0);
    this.#letGo(now);
    const room = radio.room;
    if (this.#draining || this.hand.size === 0 || room === 0) {
      await this.bell.wait(signal);
      return [];
    }
    const rest = radio.restMs(now);
    if (rest > 0) {
      await this.bell.wait(signal, timers, rest);
      return [];
    }
    const slots = pace.available(now);
    if (slots === 0) {
      await this.bell.wait(signal, timers, pace.waitMs(now));
      return [];
    }
    // The job was leased again while the answer to its first SENDING was on its way: the radio has it by now.
    const taken = this.hand.take(Math.min(room, slots));
    const jobs = taken.filter((job) => !this.handset.journal.hasLeft(job.message_id));
    pace.spend(segmentsOf(jobs), now);
    this.bell.ring();
    return jobs;
  }

  #letGo(now: number): void {
    const expired = this.hand.dropExpired(now);
    for (const job of expired) this.handset.emit('expired', about(job));
    if (expired.length > 0) this.bell.ring();
  }

  /** Returns the jobs that this phone may send. */
  async #ask(jobs: Job[], signal: AbortSignal): Promise<Job[]> {
    const { emit, journal } = this.handset;
    const before = new Set<string>();
    for (const { message_id, lease_id } of jobs) {
      const entry = journal.get(message_id);
      if (entry && (entry.lease_id ?? null) === (lease_id ?? null)) before.add(message_id);
    }
    await Promise.all(jobs.map((job) => journal.write(this.#entry(job, 'ASKED'))));
    const answer = await this.#answerFor(jobs, before, signal);
    const byId = new Map(answer.results?.map((result) => [result.message_id, result]));
    const granted: Job[] = [];
    for (const job of jobs) {
      const result = byId.get(job.message_id) ?? { message_id: job.message_id, result: 'unknown' as const };
      if (isGrant(result, before.has(job.message_id))) {
        granted.push(job);
        continue;
      }
      await journal.drop(job.message_id);
      emit('conflict', { ...about(job), result: result.result, detail: conflictDetail('SENDING', result) });
    }
    return granted;
  }

  /**
   * Asks until there is an answer. If the server may have received the question, the phone asks again even when the lease
   * has run out: if the message was granted, no other phone will ever send it; if not, the answer is a conflict.
   */
  async #answerFor(jobs: Job[], before: Set<string>, signal: AbortSignal): Promise<ReportAnswer> {
    const { client, network, newBackoff, timers } = this.handset;
    const backoff = newBackoff();
    for (;;) {
      await network.whenUp(signal);
      try {
        const reported_at = new Date(timers.now()).toISOString();
        return await client.report(
          jobs.map(({ message_id, lease_id }) => ({
            message_id,
            status: 'SENDING',
            reported_at,
            ...(lease_id && { lease_id }),
          })),
          signal,
        );
      } catch (error) {
        if (error instanceof StoppedError || error instanceof RefusedError) throw error;
        this.handset.trouble(error);
        if (isBodyRefused(error)) return { updated: 0, results: [] };
        for (const { message_id } of jobs) before.add(message_id);
        await timers.sleep(backoff.nextMs(retryAfterMs(error)), signal);
      }
    }
  }

  /**
   * Writes to the journal, then gives the text to the radio, without checking the signal in between: a message that is
   * HANDED in the journal but was not given to the radio would be SENDING for ever.
   */
  async #send(jobs: Job[]): Promise<void> {
    const { emit, journal, radio } = this.handset;
    await Promise.all(jobs.map((job) => journal.write(this.#entry(job, 'HANDED'))));
    for (const job of jobs) {
      radio.send(job);
      emit('sending', about(job));
    }
  }

  #entry(job: Job, state: 'ASKED' | 'HANDED') {
    const at = new Date(this.handset.timers.now()).toISOString();
    const { message_id, lease_id } = job;
    return { message_id, state, at, ...(lease_id && { lease_id }), ...(state === 'ASKED' && { job }) };
  }
}

function segmentsOf(jobs: readonly Job[]): number {
  return jobs.reduce((sum, { segments }) => sum + (segments ?? 1), 0);
}

/** `unchanged` means yes only if this phone asked before: the message is already SENDING under this lease. */
function isGrant({ result }: ReportResult, askedBefore: boolean): boolean {
  return result === 'updated' || (result === 'unchanged' && askedBefore);
}
