import type { Backlog } from './backlog.js';

export interface Context {
  /** A temporary folder on disk, deleted at the end. */
  dir: string;
  quick: boolean;
  rounds: number;
  /** The store with the long queue, filled when it is first asked for. */
  backlog: Backlog;
}

/** One measured number and its limit. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  floor?: number;
  goal?: number;
  /** Default: a larger value is better. */
  lowerIsBetter?: boolean;
  /** How much the rounds differ, where there are rounds. */
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
  /** The reason why the row can't run here; undefined: it runs. */
  skipped?(): string | undefined;
  run(context: Context): Promise<RowResult>;
}
