import type { DuplicateLines } from './duplicate-lines.js';
import type { GoodLine } from './line-reader.js';
import type { Tally } from './file-reader.js';

const SAMPLES = 10;

/** The first good lines, as they would be sent. */
export class Samples {
  private readonly shown: object[] = [];

  add({ line, read: { recipient, text, encoding, segments } }: GoodLine): void {
    if (this.shown.length < SAMPLES) this.shown.push({ line, to: recipient.to, text, encoding, segments });
  }

  show(tally: Tally, duplicates: DuplicateLines, skipsBadLines: boolean) {
    const { messages, segments, bad, badLines } = tally;
    return {
      dry_run: true,
      total_messages: messages,
      total_segments: segments,
      total_bad: bad,
      bad_lines: badLines,
      refusal: refusalOf(tally, skipsBadLines),
      total_duplicates: duplicates.total,
      duplicate_lines: duplicates.lines,
      rows: this.shown,
    };
  }
}
export type DryRun = ReturnType<Samples['show']>;

/** Why the file would be refused. */
function refusalOf({ messages, bad }: Tally, skipsBadLines: boolean): { code: string; message: string } | null {
  if (bad === 0 || (skipsBadLines && messages > 0)) return null;
  const lines = bad === 1 ? '1 line is bad' : `${bad} lines are bad`;
  const remedy =
    messages === 0 ? 'No other line is left to send' : 'Correct them, or leave them out with skip_bad_lines=true';
  return { code: 'bad_lines', message: `The whole file would be refused: ${lines}. ${remedy}.` };
}
