/** The phone simulator as a library: the demo, the benchmarks and the e2e tests run it in their own process. */
export { Fleet, startPhones } from './fleet.js';
export { Phone } from './phone.js';
export type { FleetEvents, PhoneEvent, PhoneEventName } from './events.js';
export type { Hooks } from './handset.js';
export { DEFAULTS, type PhoneOptions } from './options.js';
export { fleetEvents } from './events.js';
export { RefusedError, StoppedError } from './errors.js';
export { realTimers, type Timers } from './timers.js';
