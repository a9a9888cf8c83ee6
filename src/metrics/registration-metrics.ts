import { Injectable } from '@nestjs/common';
import { RegistrationEvents } from '../agents/registration-events.js';
import { Metrics } from './metrics.js';
import { Counters } from './series.js';

/** Counts rotated tokens and refused registrations: many of either in a short time are probably an attack. */
@Injectable()
export class RegistrationMetrics {
  constructor({ registry }: Metrics, registrations: RegistrationEvents) {
    const rotated = new Counters('trunkline_agent_rotations_total', 'Phones that got a new token.', ['by']);
    const refused = new Counters('trunkline_registrations_refused_total', 'Registrations refused.', ['reason']);
    for (const one of [rotated, refused]) registry.registerMetric(one.asMetric);
    registrations.watch({
      rotated: (by) => void rotated.of(by).count++,
      refused: (reason) => void refused.of(reason).count++,
    });
  }
}
