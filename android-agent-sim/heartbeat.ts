import { RefusedError, StoppedError } from './errors.js';
import type { Handset } from './handset.js';
import type { HeartbeatBody } from './protocol-types.js';

const VERSION = '1.0.0';

/** With what it sends: `1.0.0-sim`. */
export function appVersion({ modem }: Handset): string {
  return `${VERSION}-${modem.kind}`;
}

/** Regularly reports to the server that the phone is online, its battery level and its SIMs. */
export class Heart {
  constructor(private readonly handset: Handset) {}

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
    const condition = await this.handset.modem.condition(signal);
    await this.handset.client.heartbeat({ status, ...condition, app_version: appVersion(this.handset) }, signal);
  }
}
