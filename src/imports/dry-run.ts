import type { GoodLine } from './line-reader.js';
import type { Tally } from './file-reader.js';

const SAMPLES = 10;

/** The first good lines, as they would be sent. */
export class Samples {
  private readonly shown: object[] = [];

  add({ line, read: { recipient, text, encoding, segments } }: GoodLine): void {
    if (this.shown.length < SAMPLES) this.shown.push({ line, to: recipient.to, text, encoding, segments });
  }

  show({ messages, segments, bad, badLines }: Tally) {
    return {
      dry_run: true,
      total_messages: messages,
      total_segments: segments,
      total_bad: bad,
      bad_lines: badLines,
      rows: this.shown,
    };
  }
}
export type DryRun = ReturnType<Samples['show']>;
