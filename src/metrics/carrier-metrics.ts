import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { SendOutcome } from '../carriers/carrier.js';
import { CarrierCalls } from '../dispatch/carrier-calls.js';
import { DispatchersWorker } from '../dispatch/dispatchers.worker.js';
import { Metrics } from './metrics.js';
import { Histograms } from './series.js';

const CALLS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** How long carriers take to answer and what they answer, and how many of their accounts are parked. */
@Injectable()
export class CarrierMetrics {
  constructor({ registry }: Metrics, calls: CarrierCalls, dispatchers: DispatchersWorker) {
    const seconds = new Histograms(
      'trunkline_carrier_seconds',
      'Time until a carrier answered a text, by what it answered.',
      ['carrier', 'outcome'],
      CALLS,
    );
    registry.registerMetric(seconds.asMetric);
    const carriers = new Set<string>();
    calls.watch(({ name }, outcome, took) => {
      carriers.add(name);
      seconds.of(name, wordFor(outcome)).observe(took);
    });
    const parked = new Gauge({
      name: 'trunkline_carrier_accounts_parked',
      help: 'Accounts of a carrier by which this gateway sends nothing for a while, because their calls failed.',
      labelNames: ['carrier'],
      registers: [],
      collect() {
        for (const carrier of carriers) this.set({ carrier }, 0);
        for (const { carrier } of dispatchers.parkedAccounts) this.inc({ carrier });
      },
    });
    registry.registerMetric(parked);
  }
}

/** `later` is told apart: patience is asked of us, or the carrier fails. */
function wordFor(outcome: SendOutcome): string {
  return outcome.kind === 'later' ? `later_${outcome.cause}` : outcome.kind;
}
