import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ALL_CORES, onCores, SERVER_CORE } from './cores.js';
import type { Slice } from './slices.js';

export interface Start {
  /** Relative to this folder, as compiled: `./programs/raw-lease.js`. */
  program: string;
  args?: readonly string[];
  /** Loaded before the program. */
  preload?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Flags of node, for profiles. */
  flags?: readonly string[];
  /** Default: only the server's core. */
  allCores?: boolean;
}

interface Reply {
  id: number;
  value?: unknown;
  error?: string;
}

const running = new Set<Child>();

/** A child process that answers over IPC (see programs/answer.ts). */
export class Child {
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private lastId = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly name: string,
  ) {
    running.add(this);
    process.on('message', (reply: Reply) => this.receive(reply));
    process.once('exit', (code, signal) => {
      running.delete(this);
      for (const { reject } of this.waiting.values()) reject(new Error(`${name} ended (${code ?? signal})`));
      this.waiting.clear();
    });
  }

  static start(start: Start): Child {
    const preload = (start.preload ?? []).flatMap((file) => ['--import', new URL(file, import.meta.url).href]);
    const program = fileURLToPath(new URL(start.program, import.meta.url));
    const nodeArgs = [...(start.flags ?? []), ...preload, program, ...(start.args ?? [])];
    const [command, args] = onCores(start.allCores ? ALL_CORES : SERVER_CORE, process.execPath, nodeArgs);
    const child = spawn(command, args, {
      env: { ...process.env, NODE_ENV: 'production', ...start.env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Child(child, start.program);
  }

  get isRunning(): boolean {
    return running.has(this);
  }

  get pid(): number {
    return this.process.pid!;
  }

  ask<T>(what: string, args: unknown = null): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.process.send({ id, what, args }, (error) => {
        if (error) reject(new Error(`${this.name} can't be asked: ${error.message}`));
      });
    });
  }

  /** Runs `work`, which returns how many units it did, and reads the child's CPU time before and after. */
  async slice(work: () => Promise<number>): Promise<Slice> {
    const cpu = await this.ask<number>('cpuSeconds');
    const begun = performance.now();
    const units = await work();
    const wallSeconds = (performance.now() - begun) / 1000;
    return { units, wallSeconds, cpuSeconds: (await this.ask<number>('cpuSeconds')) - cpu };
  }

  /** Waits until the process has ended by itself. @throws Error when it failed. */
  async finished(): Promise<void> {
    const [code] = (await once(this.process, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${this.name} ended with ${code}`);
  }

  async stop(): Promise<void> {
    if (!running.has(this)) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  }

  private receive({ id, value, error }: Reply): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(`${this.name}: ${error}`));
  }
}

/** Ends the processes that still run after a row failed. */
export async function stopChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()));
}

export function childPids(): number[] {
  return [...running].map((child) => child.pid);
}
