import type { FleetEvents, PhoneEventName } from '../events.js';
import { fleetEvents, realTimers, startPhones, type Fleet, type PhoneOptions, type Timers } from '../index.js';
import { FakeGateway } from './fake-gateway.js';

/** Gateways and fleets of one spec, ended together, so that a failed expectation leaves nothing running. */
export class Scene {
  readonly #ends: (() => Promise<void>)[] = [];

  async gateway(): Promise<FakeGateway> {
    const gateway = await new FakeGateway().open();
    this.#ends.push(() => gateway.close());
    return gateway;
  }

  /** Phones without latency that record all their events. */
  async phones(
    gateway: FakeGateway,
    options: Partial<PhoneOptions> = {},
    timers = realTimers,
  ): Promise<Fleet & { log: Note[] }> {
    const events = fleetEvents();
    const log = notes(events);
    const quick = { url: gateway.url, latency: [0, 0], deliveryLatency: [0, 0], wait: 5 } as const;
    const fleet = await startPhones({ ...quick, ...options }, { events, timers });
    this.#ends.push(() => fleet.stop({ graceMs: 0 }));
    return Object.assign(fleet, { log });
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).toReversed()) await end();
  }
}

const began = Date.now();

/** A clock that runs ten times as fast, so that tests needn't wait for the real back-off. */
export const hurried: Timers = {
  now: () => began + (Date.now() - began) * 10,
  sleep: (ms, signal) => realTimers.sleep(ms / 10, signal),
};

export interface Note {
  name: PhoneEventName;
  messageId: string | undefined;
  detail: string | undefined;
}

export function namesOf(log: Note[], messageId: string): string[] {
  return log.filter((note) => note.messageId === messageId).map(({ name }) => name);
}

function notes(events: FleetEvents): Note[] {
  const log: Note[] = [];
  const names: PhoneEventName[] = ['leased', 'expired', 'sending', 'sent', 'delivered', 'failed', 'conflict', 'ended'];
  for (const name of [...names, 'inbound', 'crashed', 'restarted', 'offline', 'online', 'error'] as PhoneEventName[]) {
    events.on(name, ({ messageId, detail }) => log.push({ name, messageId, detail }));
  }
  return log;
}

/** Waits for a condition; fails with a clear message instead of hanging. */
export async function eventually(what: () => boolean, ms = 4000): Promise<void> {
  const until = Date.now() + ms;
  while (!what()) {
    if (Date.now() > until) throw new Error(`did not happen within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
