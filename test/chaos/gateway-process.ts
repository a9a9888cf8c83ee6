import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';

const MAIN = resolve('dist/main.js');
const START_MILLIS = 90_000;

/** The gateway as `npm start` runs it, in a process of its own that can be killed at any moment. */
export class GatewayProcess {
  readonly ended: Promise<void>;
  /** What it tells with `FAULT=list`. */
  readonly faultPoints = new Set<string>();
  #tail = '';

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'exit').then(() => undefined);
    for (const output of [child.stdout!, child.stderr!])
      output.on('data', (chunk: Buffer) => (this.#tail = (this.#tail + chunk.toString()).slice(-4000)));
    createInterface({ input: child.stderr! }).on('line', (line) => {
      const [, point] = /^fault point (\S+)$/.exec(line) ?? [];
      if (point) this.faultPoints.add(point);
    });
  }

  /** Only what a program needs to run comes along from our own environment. */
  static start(env: Readonly<Record<string, string>>, cwd: string): GatewayProcess {
    const { PATH, HOME, TMPDIR } = process.env;
    return new GatewayProcess(
      spawn(process.execPath, [MAIN], { env: { PATH, HOME, TMPDIR, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** The address, or null when the process ended before it listened. */
  async listening(): Promise<string | null> {
    const found = new Promise<string>((resolve) => {
      createInterface({ input: this.child.stdout! }).on('line', (line) => {
        const match = /Trunkline listens on (http\S+)/.exec(line);
        if (match) resolve(match[1]!);
      });
    });
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), START_MILLIS);
    const first = await Promise.race([
      found,
      this.ended.then(() => null),
      once(late.signal, 'abort').then(() => undefined),
    ]);
    clearTimeout(timer);
    if (first === undefined) throw new Error(`The gateway did not start in ${START_MILLIS} ms.\n${this.#tail}`);
    return first;
  }

  get killed(): boolean {
    return this.child.signalCode === 'SIGKILL';
  }
  /** What it last said, with the errors that it logged. */
  get tail(): string {
    return this.#tail;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended;
  }
  /** Holds every thread of it still, wherever it is. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }
  thaw(): void {
    this.child.kill('SIGCONT');
  }
}
