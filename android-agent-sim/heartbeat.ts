import { RefusedError, StoppedError } from './errors.js';
import type { Handset } from './handset.js';
import type { HeartbeatBody } from './protocol-types.js';

export const APP_VERSION = '1.0.0-sim';

/** Regularly reports to the server that the phone is online, its battery level and its SIMs. */
export class Heart {
  #battery: number;

  constructor(private readonly handset: Handset) {
    this.#battery = 40 + Math.floor(handset.fate() * 61);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { network, options, timers } = this.handset;
    while (!signal.aborted) {
      await network.whenUp(signal);
      try {
        await this.beat('online', signal);
      } catch (error) {
        if (error instanceof StoppedError) return;
        if (error instanceof RefusedError) throw error;
        this.handset.trouble(error);
      }
      await timers.sleep(options.heartbeatSeconds * 1000, signal);
    }
  }

  async beat(status: HeartbeatBody['status'], signal: AbortSignal): Promise<void> {
    // The battery loses one percent per heartbeat and is charged in time.
    this.#battery = this.#battery <= 15 ? 100 : this.#battery - 1;
    const body = { status, battery_level: this.#battery, signal: 3, app_version: APP_VERSION, sims: this.handset.sims };
    await this.handset.client.heartbeat(body, signal);
  }
}
