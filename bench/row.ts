import type { Backlog } from './backlog.js';

export interface Context {
  /** A folder of our own on disk, deleted at the end. */
  dir: string;
  quick: boolean;
  rounds: number;
  /** The store with the long queue, filled when it is first asked for. */
  backlog: Backlog;
}

/** One measured number and what it is held to. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  floor?: number;
  goal?: number;
  /** Default: a larger value is better. */
  lowerIsBetter?: boolean;
  /** How far the rounds lie apart, where there are rounds. */
  spread?: number;
}

export interface RowResult {
  figures: Figure[];
  /** Absolute figures behind the ratios, for people. */
  notes: string[];
}

export interface Row {
  number: number;
  what: string;
  /** Undefined: it runs; otherwise why it can't here. */
  skipped?(): string | undefined;
  run(context: Context): Promise<RowResult>;
}
