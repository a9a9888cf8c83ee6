import type { Tally } from './tally.js';
import type { Timers } from './timers.js';

export interface Terminal {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 200;
const PLAIN_MS = 5000;
/** The rate covers this many last milliseconds, or the time since the last line if that is longer. */
const RATE_MS = 5000;

const ERASE_LINE = '\r\x1b[2K';

/** One line of numbers: redrawn in place on a terminal, a new line every five seconds in a log. */
export class LiveLine {
  readonly #over = new AbortController();
  readonly #past: { at: number; left: number }[] = [];

  constructor(
    private readonly tally: Tally,
    private readonly waitingReports: () => number,
    private readonly out: Terminal,
    private readonly timers: Timers,
  ) {}

  async run(): Promise<void> {
    const every = this.out.isTTY ? REDRAW_MS : PLAIN_MS;
    while (!this.#over.signal.aborted) {
      if (this.out.isTTY) this.out.write(ERASE_LINE + this.text().slice(0, (this.out.columns ?? 120) - 1));
      await this.timers.sleep(every, this.#over.signal);
      if (!this.out.isTTY && !this.#over.signal.aborted) this.out.write(`${this.text()}\n`);
    }
  }

  /** Clears the line, so that other output can be printed. */
  clear(): void {
    if (this.out.isTTY) this.out.write(ERASE_LINE);
  }

  end(): void {
    this.#over.abort();
    this.clear();
    this.out.write(`${this.text()}\n`);
  }

  text(): string {
    const { online, leased, sent, delivered, failed, conflicts } = this.tally;
    return [
      `online ${online}`,
      `leased ${leased}`,
      `sent ${sent}`,
      `delivered ${delivered}`,
      `failed ${failed}`,
      `conflicts ${conflicts}`,
      `waiting ${this.waitingReports()}`,
      `${this.#rate().toFixed(1)}/s`,
    ].join('  ');
  }

  #rate(): number {
    const now = { at: this.timers.now(), left: this.tally.sent + this.tally.failed };
    this.#past.push(now);
    while ((this.#past[1]?.at ?? now.at) <= now.at - RATE_MS) this.#past.shift();
    const then = this.#past[0] ?? now;
    return now.at > then.at ? ((now.left - then.left) * 1000) / (now.at - then.at) : 0;
  }
}
