import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Backlog } from './backlog.js';
import { stopChildren } from './child.js';
import { hasTaskset, pinThisProcess } from './cores.js';
import { NoiseWatch, syncsPerSecond } from './noise.js';
import { HELP, readOptions, type Options } from './options.js';
import { describeRow, table, verdict, writeResults, type Measured } from './report.js';
import type { Context, Row } from './row.js';
import { http } from './rows/row-01-http.js';
import { acceptOne } from './rows/row-02-accept-one.js';
import { acceptBulk } from './rows/row-03-accept-bulk.js';
import { stall } from './rows/row-04-stall.js';
import { lease } from './rows/row-05-lease.js';
import { flat } from './rows/row-06-flat.js';
import { reports } from './rows/row-07-reports.js';
import { longPoll } from './rows/row-08-long-poll.js';
import { memory } from './rows/row-09-memory.js';
import { exporting } from './rows/row-10-export.js';
import { credentials } from './rows/row-11-credentials.js';
import { mongo } from './rows/row-12-mongo.js';
import { masked } from './rows/row-13-masked.js';

/** In the order in which they run: rows 9 and 10 need the long queue before row 6 adds to it. */
const ROWS: readonly Row[] = [
  http,
  acceptOne,
  acceptBulk,
  stall,
  lease,
  reports,
  longPoll,
  memory,
  exporting,
  flat,
  credentials,
  mongo,
  masked,
];

const RESULTS = fileURLToPath(new URL('../../../bench/results.json', import.meta.url));

/** Exit codes: 0 when every figure reaches its limit, 1 when one doesn't, 2 when something failed. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(HELP);
    return 0;
  }
  const dir = temporaryFolder(options);
  pinThisProcess();
  try {
    const environment = describeMachine(dir);
    say(
      `${Object.entries(environment)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}\n`,
    );
    const measured = await measure(options, dir);
    say(`\n${table(measured)}\n`);
    writeResults(RESULTS, { ...environment, quick: options.quick, rounds: options.rounds }, measured);
    return measured.some((row) => row.figures.some((figure) => verdict(figure) === 'MISSED')) ? 1 : 0;
  } finally {
    await stopChildren();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure({ rows, rounds, quick }: Options, dir: string): Promise<Measured[]> {
  const context: Context = { dir, rounds, quick, backlog: new Backlog(dir, quick) };
  const measured: Measured[] = [];
  for (const row of ROWS.filter(({ number }) => rows.length === 0 || rows.includes(number))) {
    const reason = row.skipped?.();
    say(`${String(row.number).padStart(2)}  ${row.what}${reason ? `: skipped, ${reason}` : ''}\n`);
    if (reason) continue;
    const watch = new NoiseWatch();
    const begun = performance.now();
    const result = await row.run(context);
    const one = {
      ...result,
      number: row.number,
      what: row.what,
      noise: watch.end(),
      seconds: (performance.now() - begun) / 1000,
    };
    say(`${describeRow(one)}\n`);
    measured.push(one);
  }
  return measured.sort((a, b) => a.number - b.number);
}

function temporaryFolder({ dir = tmpdir() }: Options): string {
  mkdirSync(dir, { recursive: true });
  const folder = mkdtempSync(join(dir, 'trunkline-bench-'));
  // Ctrl-C ends the process at once; the children end with it (see programs/answer.ts).
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(130);
    });
  }
  return folder;
}

function describeMachine(dir: string) {
  const require = createRequire(import.meta.url);
  const version = (name: string): string => {
    const folder = require.resolve.paths(name)!.map((path) => join(path, name, 'package.json'));
    for (const file of folder) {
      try {
        return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
      } catch {
        // Not in this folder.
      }
    }
    return 'unknown';
  };
  return {
    date: new Date().toISOString(),
    node: process.version,
    libsql: version('libsql'),
    fastify: version('fastify'),
    nest: version('@nestjs/core'),
    mongodb: version('mongodb'),
    cores: cpus().length,
    pinned: hasTaskset,
    'fdatasync/s': syncsPerSecond(dir),
  };
}

function say(text: string): void {
  process.stdout.write(text);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`The benchmark failed: ${String((error as Error).stack ?? error)}\n`);
    process.exit(2);
  },
);
