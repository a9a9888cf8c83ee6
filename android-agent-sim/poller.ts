import { RefusedError, retryAfterMs, StoppedError } from './errors.js';
import type { Bell } from './bell.js';
import { about } from './about.js';
import { expiryOf, type Hand } from './hand.js';
import type { Handset } from './handset.js';
import type { JobsAnswer } from './protocol-types.js';
import type { Reporter } from './reporter.js';

/** A poll with room for less than half a batch waits this long, so that a fast radio doesn't cause a poll per message. */
const GATHER_MS = 200;
/** The pause after an empty answer that came early: the server doesn't wait, or decided that the phone has enough. */
const IDLE_MS = 250;
const IDLE_LONGEST_MS = 2000;

/** Leases messages, even while others are still held, so that urgent ones arrive in time to overtake them. */
export class Poller {
  #capacity: number;
  #idleMs = IDLE_MS;

  constructor(
    private readonly handset: Handset,
    private readonly hand: Hand,
    private readonly reporter: Reporter,
    private readonly bell: Bell,
  ) {
    this.#capacity = handset.options.limit;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { network, newBackoff, options, radio, timers } = this.handset;
    const backoff = newBackoff();
    while (!signal.aborted) {
      await network.whenUp(signal);
      // Each lease that runs out counts as an attempt, and another phone could have sent the text.
      const rest = radio.restMs(timers.now());
      if (rest > 0) {
        await this.bell.wait(signal, timers, rest);
        continue;
      }
      const room = await this.#room(signal);
      if (signal.aborted || !network.up) continue;
      const asked = timers.now();
      try {
        const answer = await this.handset.client.nextJobs(Math.min(options.limit, room), options.wait, signal);
        backoff.reset();
        this.#take(answer);
        await this.#rest(answer, asked, signal);
      } catch (error) {
        if (error instanceof StoppedError) return;
        if (error instanceof RefusedError) throw error;
        this.handset.trouble(error);
        await timers.sleep(backoff.nextMs(retryAfterMs(error)), signal);
      }
    }
  }

  /** Waits until there is room for half a batch or, after a short time, for any message. */
  async #room(signal: AbortSignal): Promise<number> {
    const { options, timers } = this.handset;
    const since = timers.now();
    for (;;) {
      const room = this.#capacity - this.hand.size;
      if (signal.aborted || room >= Math.min(options.limit, this.#capacity) / 2) return room;
      const left = since + GATHER_MS - timers.now();
      if (room > 0 && left <= 0) return room;
      if (room > 0) await this.bell.wait(signal, timers, left);
      else await this.bell.wait(signal);
    }
  }

  #take(answer: JobsAnswer): void {
    const { emit, journal, options, pace, timers } = this.handset;
    const now = timers.now();
    const leaseSeconds = Number(answer.lease_seconds) || 0;
    pace.setRate(options.pace ? Number(answer.rate_limit_per_min) : 0, now);
    this.#capacity = Math.min(2 * options.limit, leaseSeconds > 0 ? pace.within(leaseSeconds) : Infinity);
    for (const job of answer.messages ?? []) {
      emit('leased', about(job));
      const entry = journal.get(job.message_id);
      if (entry && journal.hasLeft(job.message_id)) {
        this.reporter.tellLastKnown(entry, job.lease_id ?? undefined);
      } else {
        this.hand.add({ ...job, expiresAt: expiryOf(job, leaseSeconds, now) });
      }
    }
    this.bell.ring();
  }

  async #rest(answer: JobsAnswer, asked: number, signal: AbortSignal): Promise<void> {
    const { options, timers } = this.handset;
    const early = timers.now() - asked < Math.max(IDLE_MS, options.wait * 500);
    if ((answer.messages ?? []).length > 0 || !early) {
      this.#idleMs = IDLE_MS;
      return;
    }
    await timers.sleep(this.#idleMs, signal);
    this.#idleMs = Math.min(this.#idleMs * 2, IDLE_LONGEST_MS);
  }
}
