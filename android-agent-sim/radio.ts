import { longLived } from './long-lived.js';
import { draw, type Draw, type RadioOptions } from './draws.js';
import { type Random } from './random.js';
import type { Job, ReportError } from './protocol-types.js';
import type { Timers } from './timers.js';

export interface RadioEvent {
  kind: 'sent' | 'failed' | 'delivered';
  job: Job;
  slot: number;
  error?: ReportError;
  /** No more events will come for this text. */
  last: boolean;
  /** The recipient answers. */
  replies: boolean;
}

/** Texts are accepted ahead only if they are sent within this time, because a later text may be more urgent. */
const AHEAD_MS = 100;
const DEEPEST = 50;

/**
 * The modem and Android's telephony service: one text at a time per SIM. It survives a crash of the app, continues with
 * the texts that it has, and keeps its results until the app has restarted.
 */
export class Radio {
  readonly #lanes: Job[][];
  readonly #known = new Set<string>();
  readonly #depth: number;
  readonly #off = longLived();
  #missed: RadioEvent[] = [];
  #listener: ((event: RadioEvent) => void) | undefined;
  #queued = 0;

  constructor(
    private readonly options: RadioOptions & { sims: number },
    private readonly random: Random,
    private readonly timers: Timers,
  ) {
    this.#lanes = Array.from({ length: options.sims }, () => []);
    const mean = (options.latency[0] + options.latency[1]) / 2;
    this.#depth = Math.max(1, Math.min(DEEPEST, Math.floor(AHEAD_MS / Math.max(1, mean))));
  }

  /**
   * How many texts it can accept without letting them wait. A radio that accepts texts ahead has no room until half of
   * them are sent; otherwise a phone without latency would ask for its messages one by one.
   */
  get room(): number {
    const all = this.#lanes.length * this.#depth;
    const free = Math.max(0, all - this.#queued);
    return this.#depth > 1 && free < all / 2 ? 0 : free;
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
      const fate = draw(this.random, this.options);
      await this.timers.sleep(fate.latencyMs, this.#off.signal);
      if (this.#off.signal.aborted) return;
      lane.shift();
      this.#queued--;
      this.#left(job, slot, fate);
    }
  }

  #left(job: Job, slot: number, fate: Draw): void {
    const { error, deliveryMs, replies } = fate;
    if (error) return this.#tell({ kind: 'failed', job, slot, error, last: true, replies: false });
    this.#tell({ kind: 'sent', job, slot, last: deliveryMs === undefined, replies: false });
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
