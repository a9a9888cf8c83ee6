import type { Range } from './random.js';

export const MODEMS = ['simulated', 'termux', 'gammu'] as const;

export interface PhoneOptions {
  /** The server's address, with its path prefix if it has one. */
  url: string;
  secret?: string;
  tenant?: string;
  /** What sends the texts; with any but `simulated` this is one real phone. */
  modem: (typeof MODEMS)[number];
  /** The phones' device ids are `<device>-1`, `<device>-2`, ...; a real phone's is `<device>`. */
  device: string;
  phones: number;
  /** An agent token to use instead of registering; for one phone. */
  token?: string;
  /** Messages per lease, 1 to 200, and seconds a long-poll may wait, 0 to 30. */
  limit: number;
  wait: number;
  latency: Range;
  deliveryLatency: Range;
  /** Shares from 0 to 1. */
  failure: number;
  delivery: number;
  crash: number;
  crashSeconds: number;
  offline: number;
  offlineSeconds: number;
  inbound: number;
  inboundText: string;
  seed: number;
  sims: number;
  /** Go from ASSIGNED straight to SENT without asking. */
  dishonest: boolean;
  /** A folder for the journals; in memory without it. */
  journal?: string;
  pace: boolean;
  heartbeatSeconds: number;
  /** Gammu's configuration, when it isn't ~/.gammurc. */
  gammuConfig?: string;
  /** How long the command that sends a text may take. */
  sendTimeoutSeconds: number;
  /** How often a real phone looks for received texts. */
  inboxSeconds: number;
  /** Whether it uploads the texts, too, that it had before its first start. */
  oldTexts: boolean;
}

export const DEFAULTS: PhoneOptions = {
  url: 'http://127.0.0.1:8000',
  modem: 'simulated',
  device: 'sim',
  phones: 1,
  limit: 50,
  wait: 25,
  latency: [200, 800],
  deliveryLatency: [500, 2000],
  failure: 0,
  delivery: 1,
  crash: 0,
  crashSeconds: 5,
  offline: 0,
  offlineSeconds: 10,
  inbound: 0,
  inboundText: 'OK',
  seed: 1,
  sims: 1,
  dishonest: false,
  pace: true,
  heartbeatSeconds: 30,
  sendTimeoutSeconds: 30,
  inboxSeconds: 10,
  oldTexts: false,
};
