import type { GoodLine } from './line-reader.js';

const MOST_LISTED = 100;
/** How many lines are looked up at once. */
const BATCH = 500;

export interface DuplicateLine {
  line: number;
  /** The line with the same number and text; null when such a message was sent lately. */
  first_line: number | null;
}
/** For each line, whether a message has its text already; null when it can be no duplicate. */
type LookUp = (lines: readonly GoodLine['read'][]) => Promise<(boolean | null)[]>;

/** Finds the lines of a file that would be stored as duplicates. It keeps the hash of every line. */
export class DuplicateLines {
  total = 0;
  readonly lines: DuplicateLine[] = [];
  private readonly seen = new Map<string, number>();
  private batch: GoodLine[] = [];

  constructor(private readonly lookUp: LookUp) {}

  async add(line: GoodLine): Promise<void> {
    this.batch.push(line);
    if (this.batch.length >= BATCH) await this.finish();
  }

  async finish(): Promise<void> {
    const batch = this.batch;
    this.batch = [];
    const found = await this.lookUp(batch.map(({ read }) => read));
    for (const [i, { line, read }] of batch.entries()) {
      if (found[i] === null) continue;
      const first = this.seen.get(read.hash);
      if (first === undefined) this.seen.set(read.hash, line);
      if (first !== undefined || found[i]) this.list({ line, first_line: first ?? null });
    }
  }

  private list(duplicate: DuplicateLine): void {
    this.total++;
    if (this.lines.length < MOST_LISTED) this.lines.push(duplicate);
  }
}
