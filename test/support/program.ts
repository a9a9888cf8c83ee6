import { spawn, type ChildProcess } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of `dist/`, or at a path, in a separate process, without this process's environment. */
export class Program {
  output = '';
  errors = '';
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  private readonly child: ChildProcess;
  private readonly wakers = new Set<() => void>();

  constructor(script: string, folder: string, env: Record<string, string>, args: readonly string[] = []) {
    const path = isAbsolute(script) ? script : fileURLToPath(new URL(`../../dist/${script}`, import.meta.url));
    this.child = spawn(process.execPath, [path, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      for (const wake of this.wakers) wake();
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        resolve({ code, signal });
        for (const wake of this.wakers) wake();
      });
    });
  }

  /** Waits for a line of output. @throws when the program ends without it. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(this.output);
        const over = this.child.exitCode !== null || this.child.signalCode !== null;
        if (!found && !over) return;
        this.wakers.delete(look);
        if (found) resolve(found);
        else reject(new Error(`ended without ${String(pattern)}:\n${this.output}\n${this.errors}`));
      };
      this.wakers.add(look);
      look();
    });
  }

  /** Reads no more, and closes the pipes. */
  stopReading(): void {
    this.child.stdout!.destroy();
    this.child.stderr!.destroy();
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
