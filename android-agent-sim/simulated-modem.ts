import { draw, type RadioOptions } from './draws.js';
import type { Condition, Modem, Transmission } from './modem.js';
import type { Job, Sim } from './protocol-types.js';
import type { Random } from './random.js';
import type { Timers } from './timers.js';

/** Texts are accepted ahead only if they are sent within this time, because a later text may be more urgent. */
const AHEAD_MS = 100;
const DEEPEST = 50;

/** Decides by random numbers what becomes of a text. */
export class SimulatedModem implements Modem {
  readonly kind = 'sim';
  readonly depth: number;
  #battery: number;

  constructor(
    readonly label: string,
    private readonly options: RadioOptions,
    private readonly sims: Sim[],
    private readonly random: Random,
    fate: Random,
    private readonly timers: Timers,
  ) {
    const mean = (options.latency[0] + options.latency[1]) / 2;
    this.depth = Math.max(1, Math.min(DEEPEST, Math.floor(AHEAD_MS / Math.max(1, mean))));
    this.#battery = 40 + Math.floor(fate() * 61);
  }

  restMs(): number {
    return 0;
  }

  async transmit(_job: Job, _slot: number, signal: AbortSignal): Promise<Transmission> {
    const { latencyMs, error, deliveryMs, replies } = draw(this.random, this.options);
    await this.timers.sleep(latencyMs, signal);
    return error ? { outcome: 'failed', error } : { outcome: 'sent', deliveryMs, replies };
  }

  /** The battery loses one percent per heartbeat and is charged in time. */
  condition(): Promise<Condition> {
    this.#battery = this.#battery <= 15 ? 100 : this.#battery - 1;
    return Promise.resolve({ battery_level: this.#battery, signal: 3, sims: this.sims });
  }
}
