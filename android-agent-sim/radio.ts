import { longLived } from './long-lived.js';
import type { Modem, Transmission } from './modem.js';
import type { Job, ReportError } from './protocol-types.js';
import type { Timers } from './timers.js';

export interface RadioEvent {
  kind: 'sent' | 'failed' | 'delivered' | 'unknown';
  job: Job;
  slot: number;
  error?: ReportError;
  /** Of `unknown`. */
  why?: string;
  /** No more events will come for this text. */
  last: boolean;
  /** The recipient answers. */
  replies: boolean;
}

/**
 * Android's telephony service: gives the modem one text at a time per SIM. It survives a crash of the app, continues with
 * the texts that it has, and keeps its results until the app has restarted.
 */
export class Radio {
  readonly #lanes: Job[][];
  readonly #known = new Set<string>();
  readonly #off = longLived();
  #missed: RadioEvent[] = [];
  #listener: ((event: RadioEvent) => void) | undefined;
  #queued = 0;

  constructor(
    sims: number,
    private readonly modem: Modem,
    private readonly timers: Timers,
  ) {
    this.#lanes = Array.from({ length: sims }, () => []);
  }

  /**
   * How many texts it can accept without letting them wait. A radio that accepts texts ahead has no room until half of
   * them are sent; otherwise a phone without latency would ask for its messages one by one.
   */
  get room(): number {
    const { depth } = this.modem;
    const all = this.#lanes.length * depth;
    const free = Math.max(0, all - this.#queued);
    return depth > 1 && free < all / 2 ? 0 : free;
  }

  /** How long the modem can't send at all. */
  restMs(now: number): number {
    return this.modem.restMs(now);
  }

  /** True when no text is being sent, no delivery report is expected, and no result waits for the app. */
  get idle(): boolean {
    return this.#known.size === 0 && this.#missed.length === 0;
  }

  /** Whether more events will come for this message. */
  knows(messageId: string): boolean {
    return this.#known.has(messageId) || this.#missed.some(({ job }) => job.message_id === messageId);
  }

  attach(listener: (event: RadioEvent) => void): void {
    this.#listener = listener;
    for (const event of this.#missed.splice(0)) listener(event);
  }

  detach(): void {
    this.#listener = undefined;
  }

  send(job: Job): void {
    const slot = this.#slotFor(job);
    const lane = this.#lanes[slot] as Job[];
    this.#known.add(job.message_id);
    this.#queued++;
    lane.push(job);
    if (lane.length === 1) void this.#work(lane, slot);
  }

  switchOff(): void {
    this.#off.abort();
  }

  #slotFor(job: Job): number {
    if (job.sim_slot != null && this.#lanes[job.sim_slot]) return job.sim_slot;
    const lengths = this.#lanes.map((lane) => lane.length);
    return lengths.indexOf(Math.min(...lengths));
  }

  async #work(lane: Job[], slot: number): Promise<void> {
    for (let job = lane[0]; job; job = lane[0]) {
      const result = await this.modem.transmit(job, slot, this.#off.signal);
      if (this.#off.signal.aborted) return;
      lane.shift();
      this.#queued--;
      this.#left(job, slot, result);
    }
  }

  #left(job: Job, slot: number, result: Transmission): void {
    const about = { job, slot, replies: false };
    if (result.outcome === 'failed') return this.#tell({ ...about, kind: 'failed', error: result.error, last: true });
    if (result.outcome === 'unknown') return this.#tell({ ...about, kind: 'unknown', why: result.why, last: true });
    const { deliveryMs, replies } = result;
    this.#tell({ ...about, kind: 'sent', last: deliveryMs === undefined });
    if (deliveryMs === undefined) return;
    void this.timers.sleep(deliveryMs, this.#off.signal).then(() => {
      if (!this.#off.signal.aborted) this.#tell({ kind: 'delivered', job, slot, last: true, replies });
    });
  }

  #tell(event: RadioEvent): void {
    if (event.last) this.#known.delete(event.job.message_id);
    if (this.#listener) this.#listener(event);
    else this.#missed.push(event);
  }
}
