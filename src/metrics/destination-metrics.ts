import { Injectable } from '@nestjs/common';
import { DestinationAlarms } from '../sending-rules/destination-alarms.js';
import { Metrics } from './metrics.js';
import { Counters } from './series.js';

/** Counts alarms about destinations abroad: each may be somebody who makes us pay for texts. */
@Injectable()
export class DestinationMetrics {
  constructor({ registry }: Metrics, alarms: DestinationAlarms) {
    const raised = new Counters(
      'trunkline_destination_alarms_total',
      'Destinations abroad that got ten times as many texts as usual, once for each tenant, destination and day.',
      [],
    );
    registry.registerMetric(raised.asMetric);
    const all = raised.of();
    alarms.watch(() => void all.count++);
  }
}
