import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  stop(): Promise<void>;
}

const START_MILLIS = 20_000;

/** The gateway as `npm start` runs it, on a free port of this machine. */
export async function startGatewayProcess(
  dataDir: string,
  password: string,
  secret: string,
): Promise<Child & { url: string }> {
  const child = run('../main.js', [], {
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'warn',
    SEED_ADMIN: '1',
    SEED_ADMIN_USERNAME: 'admin',
    SEED_ADMIN_PASSWORD: password,
    AGENT_REGISTRATION_SECRET: secret,
    // A real phone sends ten a minute, which is too slow for a demo.
    AGENT_RATE_LIMIT_PER_MIN: '600',
  });
  const line = await firstLine(child, /Trunkline listens on (http\S+)/);
  return { url: line, stop: () => stop(child) };
}

/** A simulated phone that speaks nothing but HTTP. */
export async function startPhoneProcess(url: string, secret: string): Promise<Child> {
  // As one argument: a secret of random letters may begin with a dash.
  const args = [`--url=${url}`, `--secret=${secret}`, '--device=demo-phone'];
  const pace = ['--latency=150-600', '--delivery-latency=200-900'];
  const child = run('../android-agent-sim/main.js', [...args, ...pace, '--json'], {});
  await firstLine(child, /("event":"(?:registered|online)")/);
  return { stop: () => stop(child) };
}

/** Keeps only the variables that a program needs to run, so that settings for a real gateway don't reach the demo's. */
function run(script: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  const { PATH, HOME, TMPDIR, TEMP, SystemRoot } = process.env;
  return spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    env: { PATH, HOME, TMPDIR, TEMP, SystemRoot, ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function firstLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a process did not start in time')), START_MILLIS);
    child.once('exit', (code) => reject(new Error(`a process ended with ${code} before it was ready`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const match = pattern.exec(line);
      if (!match) return;
      clearTimeout(timer);
      resolve(match[1]!);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
  await ended;
  clearTimeout(timer);
}
