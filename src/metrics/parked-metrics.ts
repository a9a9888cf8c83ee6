import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { ParkedRepository } from '../parking/parked.repository.js';
import { PARKED_KINDS } from '../parking/parked-row.js';
import { Metrics } from './metrics.js';

/** Counts the rows that wait for an administrator; there should be none. */
@Injectable()
export class ParkedMetrics {
  constructor({ registry }: Metrics, parked: ParkedRepository) {
    const gauge = new Gauge({
      name: 'trunkline_parked',
      help: 'Rows that a worker could not process, by kind; GET /admin/parked lists them.',
      labelNames: ['kind'],
      registers: [registry],
      async collect() {
        const counts = await parked.countByKind();
        for (const kind of PARKED_KINDS) this.set({ kind }, counts[kind] ?? 0);
      },
    });
    void gauge;
  }
}
