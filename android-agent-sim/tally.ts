import type { FleetEvents } from './events.js';

/** Counts what the phones do. */
export class Tally {
  readonly #online = new Set<string>();
  leased = 0;
  sent = 0;
  delivered = 0;
  failed = 0;
  conflicts = 0;

  constructor(events: FleetEvents) {
    events.on('leased', () => this.leased++);
    events.on('sent', () => this.sent++);
    events.on('delivered', () => this.delivered++);
    events.on('failed', () => this.failed++);
    events.on('conflict', () => this.conflicts++);
    for (const name of ['online', 'restarted'] as const) events.on(name, ({ device }) => this.#online.add(device));
    for (const name of ['offline', 'crashed'] as const) events.on(name, ({ device }) => this.#online.delete(device));
  }

  get online(): number {
    return this.#online.size;
  }
}
