import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Clock } from '../common/clock.js';
import { Workers } from '../workers/workers.js';
import { Metrics } from './metrics.js';
import { Counters, Histograms } from './series.js';

const TURNS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300];

/** How long the workers' turns take, when each had its last, and which fail. */
@Injectable()
export class WorkerMetrics {
  constructor({ registry }: Metrics, workers: Workers, clock: Clock) {
    const seconds = new Histograms('trunkline_worker_seconds', 'Duration of the turns of a worker.', ['worker'], TURNS);
    const failures = new Counters('trunkline_worker_failures_total', 'Turns of a worker that failed.', ['worker']);
    for (const one of [seconds, failures]) registry.registerMetric(one.asMetric);
    const last = new Gauge({
      name: 'trunkline_worker_last_turn_timestamp_seconds',
      help: 'When the last turn of a worker ended.',
      labelNames: ['worker'],
      registers: [registry],
    });
    workers.watch((turn) => {
      seconds.of(turn.worker).observe(turn.seconds);
      failures.of(turn.worker).count += turn.failed ? 1 : 0;
      last.set({ worker: turn.worker }, clock.now().getTime() / 1000);
    });
  }
}
