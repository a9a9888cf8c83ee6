import { writeSync } from 'node:fs';

const MOST_LINES = 100;
const MOST_MILLIS = 200;
const STDOUT = 1;

/**
 * Writes log lines together, at most 200 ms late, and at once on exit. A write for each line cost a tenth of a small call; pino's own
 * buffering measures each line in bytes, which cost half as much again.
 */
export class GatheredLines {
  private lines: string[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor() {
    process.once('exit', () => this.leave());
  }

  write(line: string): void {
    if (this.lines.push(line) >= MOST_LINES) this.send();
    else this.timer ??= setTimeout(() => this.send(), MOST_MILLIS).unref();
  }

  private send(): void {
    const text = this.take();
    if (text) process.stdout.write(text);
  }

  /** Synchronous, because nothing asynchronous runs on exit. If the reader has gone, the lines are lost. */
  private leave(): void {
    try {
      writeSync(STDOUT, this.take());
    } catch {
      // Also when the pipe is full: losing a line is better than a process that doesn't end.
    }
  }

  private take(): string {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.lines.join('');
    this.lines = [];
    return text;
  }
}
