import { Injectable } from '@nestjs/common';
import { CallbackEvents } from '../callbacks/callback-events.js';
import { Metrics } from './metrics.js';
import { Counters } from './series.js';

/** Counts what providers tell. Many forged ones: a wrong PUBLIC_URL, an old secret, or an attack. */
@Injectable()
export class CallbackMetrics {
  constructor({ registry }: Metrics, callbacks: CallbackEvents) {
    const counted = new Counters(
      'trunkline_callbacks_total',
      'Callbacks of providers by what became of them: stored, duplicate, forged, malformed, let_go (no message was known by it).',
      ['carrier', 'fate'],
    );
    registry.registerMetric(counted.asMetric);
    callbacks.watch((carrier, fate) => void counted.of(carrier, fate).count++);
  }
}
