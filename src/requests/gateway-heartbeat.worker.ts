import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../common/clock.js';
import { Workers } from '../workers/workers.js';
import { GatewaysRepository } from './gateways.repository.js';
import { RequestsRepository } from './requests.repository.js';

const EVERY_MILLIS = 2000;
/** Two beats may be late. */
const SILENT_MILLIS = 6000;
const KEEP_MILLIS = 3_600_000;

/** Each gateway on a shared store says that it lives, so that the others know soon whose unfinished requests nobody works on any more. */
@Injectable()
export class GatewayHeartbeatWorker {
  readonly gateway = randomUUID();

  constructor(
    workers: Workers,
    requests: RequestsRepository,
    private readonly gateways: GatewaysRepository,
    private readonly clock: Clock,
  ) {
    if (requests.haveOneGateway) return;
    // The first beat comes before the first request.
    workers.register({
      name: 'heartbeat',
      everyMillis: EVERY_MILLIS,
      atStart: true,
      inEachGateway: true,
      work: () => this.beat(),
    });
  }

  async isSilent(gateway: string): Promise<boolean> {
    const last = await this.gateways.lastBeat(gateway);
    return !last || last.getTime() < this.clock.now().getTime() - SILENT_MILLIS;
  }

  private beat(): Promise<void> {
    const now = this.clock.now();
    return this.gateways.beat(this.gateway, now, new Date(now.getTime() + KEEP_MILLIS));
  }
}
