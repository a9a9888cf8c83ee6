import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.js';
import { Connection, encodeRequest } from './connection.js';
import { Load } from './load.js';

export const ADMIN = { username: 'bench', password: 'correct-horse-battery' };

/** High enough that nothing is refused, but calls are still counted. */
const UNBOUNDED = '1000000000';
const READY_WITHIN_MILLIS = 60_000;

export interface GatewayStart {
  dir: string;
  env?: Readonly<Record<string, string>>;
  preload?: readonly string[];
  flags?: readonly string[];
}

/** The gateway as `npm start` runs it, on the embedded store, in a separate process on the server's core. */
export class Gateway {
  private constructor(
    readonly child: Child,
    readonly port: number,
    /** Time from the start of the process to the first 200 of /health/ready. */
    readonly readyMillis: number,
  ) {}

  static async start({ dir, env, preload = [], flags = profileFlags() }: GatewayStart): Promise<Gateway> {
    mkdirSync(dir, { recursive: true });
    const port = await freePort();
    const begun = performance.now();
    const child = Child.start({
      program: '../src/main.js',
      preload: ['./programs/probe.js', ...preload],
      flags,
      env: {
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: dir,
        MONGO_URI: '',
        SEED_ADMIN_USERNAME: ADMIN.username,
        SEED_ADMIN_PASSWORD: ADMIN.password,
        THROTTLE_PER_MIN: UNBOUNDED,
        AGENT_RATE_LIMIT_PER_MIN: UNBOUNDED,
        APIKEY_RATE_LIMIT_PER_DAY_DEFAULT: UNBOUNDED,
        // Long enough that no lease or message expires during the benchmark.
        LEASE_SECONDS: '86400',
        ...env,
      },
    });
    try {
      await ready(port, child);
      return new Gateway(child, port, performance.now() - begun);
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  load(connections: number): Promise<Load> {
    return Load.open(this.port, connections);
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

/** `BENCH_PROFILE=<folder>` writes a CPU profile of every gateway there. */
function profileFlags(): string[] {
  const dir = process.env['BENCH_PROFILE'];
  return dir ? ['--cpu-prof', `--cpu-prof-dir=${join(process.cwd(), dir)}`] : [];
}

async function ready(port: number, child: Child): Promise<void> {
  const request = encodeRequest('GET', '/health/ready');
  const deadline = performance.now() + READY_WITHIN_MILLIS;
  for (;;) {
    if (await answers(port, request)) return;
    if (!child.isRunning || performance.now() > deadline) throw new Error('the gateway did not become ready');
    await sleep(5);
  }
}

async function answers(port: number, request: Buffer): Promise<boolean> {
  try {
    const connection = await Connection.open(port);
    const { status } = await connection.send(request);
    connection.close();
    return status === 200;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
