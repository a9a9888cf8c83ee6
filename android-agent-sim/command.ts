import { spawn } from 'node:child_process';

export type Ran =
  | { ended: 'exit'; code: number; out: string; err: string }
  /** There is no such command, so nothing was done. */
  | { ended: 'missing' }
  /** It took too long and was killed, or was killed by another: it may have done its work. */
  | { ended: 'hung' | 'killed' };

export interface RunOptions {
  /** What it reads from its standard input. */
  input?: string;
  timeoutMs: number;
  /** Added to this process's. */
  environment?: Record<string, string>;
  signal?: AbortSignal;
}

const MOST_CHARACTERS = 50_000_000;

/** Runs a command without a shell, and kills it with all that it started when it takes too long. Never rejects. */
export function runCommand(
  command: string,
  args: readonly string[],
  { input, timeoutMs, environment, signal }: RunOptions,
): Promise<Ran> {
  return new Promise((resolve) => {
    // In a group of its own: these commands are scripts, and what they start must end with them.
    const child = spawn(command, args, {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    let out = '';
    let err = '';
    let hung = false;
    const kill = () => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => {
      hung = true;
      kill();
    }, timeoutMs);
    signal?.addEventListener('abort', kill);
    const end = (ran: Ran) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      resolve(ran);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) end({ ended: 'missing' });
      else err += error.message;
    });
    child.on('close', (code) => {
      if (code !== null) end({ ended: 'exit', code, out, err });
      else end({ ended: hung ? 'hung' : 'killed' });
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.length > MOST_CHARACTERS) kill();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err = (err + text).slice(-10_000)));
    // A command that doesn't read its input has closed it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    if (signal?.aborted) kill();
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them have ended already.
  }
}
