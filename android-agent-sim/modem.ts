import type { HeartbeatBody, Inbound, Job, ReportError } from './protocol-types.js';
import type { Draw } from './draws.js';

/** What became of one text. `unknown`: it may have left, so nothing is reported, and it is never sent again. */
export type Transmission =
  | ({ outcome: 'sent' } & Pick<Draw, 'deliveryMs' | 'replies'>)
  | { outcome: 'failed'; error: ReportError }
  | { outcome: 'unknown'; why: string };

/** A received text that the modem still has. */
export interface StoredText {
  /** Of this text alone, as long as the modem has it. */
  key: string;
  text: Inbound;
}

export type Condition = Pick<HeartbeatBody, 'battery_level' | 'signal' | 'sims'>;

/** What sends the texts: simulated, or real hardware behind some commands. */
export interface Modem {
  /** Shown as the phone's label, and behind its version. */
  readonly label: string;
  readonly kind: string;
  /** Texts that it takes ahead for each SIM. */
  readonly depth: number;
  /** Tells what is missing. @throws when it can't send at all. */
  check?(): Promise<void>;
  /** How long it can't take any text at all; 0 when it can. */
  restMs(now: number): number;
  /** Sends one text, once. Never rejects. */
  transmit(job: Job, slot: number, signal: AbortSignal): Promise<Transmission>;
  /** Battery, signal and SIMs, as far as it knows them. Never rejects. */
  condition(signal?: AbortSignal): Promise<Condition>;
  /** Received texts, the newest first; undefined when it can't tell. Never rejects. */
  texts?(offset: number, limit: number, signal?: AbortSignal): Promise<StoredText[] | undefined>;
  /** The server has this text. */
  forget?(key: string): Promise<void>;
}
