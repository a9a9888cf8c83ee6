import { parseArgs } from 'node:util';
import { runChaos } from './chaos.js';
import { FAULT_POINTS } from './fault-points.js';
import { mainMasked } from './masked/main.js';
import { mainNotifications } from './notifications/main.js';
import { mainSmsgate } from './smsgate/main.js';
import { pointsNamed } from './steps/step-main.js';
import type { StoreKind } from './store-under-test.js';

const USAGE = `npm run chaos -- [options]

Starts the gateway under load, kills it (SIGKILL) at random moments and at named writes, restarts it, and holds the rows of
its store against what was answered. Exits 1 with the seed when a promise was broken. The seed fixes what is sent and when the gateway
is killed; how the processes interleave is the machine's, so a seed makes a failure likely again, not certain.

  --store embedded|mongo   mongo needs MONGO_TEST_URI; default embedded
  --kills N                deaths at random moments; default 30
  --points all|none|every  writes to die at: all that are listed (default), none, or every one that the load makes
  --points a,b             these, such as after:sms_requests.insertOne (CONTRIBUTING.md tells what can be named)
  --seed N                 default: drawn

  --masked                 masked conversations through phones, killed between their steps, instead of requests
  --notifications          notifications by phones, e-mail and push, in the same way
  --smsgate                texts by phones with the SMSGate app, in the same way
  --power-loss             each death also loses all that was not fsynced (Linux with a C compiler, embedded store)

A killed process loses nothing that it has written, fsynced or not; only --power-loss tells whether an answer was given before its fsync.
It keeps what was fsynced and nothing else: writes that reach a real disk half, in another order or in spite of a lying controller, and the
loss of a new file's name, are not tested. Nor is MongoDB's disk.
`;

/** Answers the exit code. */
async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      store: { type: 'string', default: 'embedded' },
      kills: { type: 'string', default: '30' },
      points: { type: 'string', default: 'all' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
      masked: { type: 'boolean', default: false },
      notifications: { type: 'boolean', default: false },
      smsgate: { type: 'boolean', default: false },
      'power-loss': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (values.help) {
    say(USAGE);
    return 0;
  }
  const began = performance.now();
  const seed = Number(values.seed);
  say(`seed ${seed}, store ${values.store}`);
  const store = values.store as StoreKind;
  const kills = Number(values.kills);
  const steps = { store, seed, kills, points: values.points };
  if (values.masked) return mainMasked(steps, say);
  if (values.notifications) return mainNotifications(steps, say);
  if (values.smsgate) return mainSmsgate(steps, say);
  const result = await runChaos({
    store,
    seed,
    kills,
    points: values.points === 'every' ? 'every' : pointsNamed(values.points, FAULT_POINTS),
    losesPower: values['power-loss'],
    life: [200, 2500],
    log: say,
  });
  const { wrong, runs, deaths, messages, acknowledgedRequests, acknowledgedReports, leases } = result;
  for (const line of [...wrong.slice(0, 20), ...wrong.slice(20).slice(-1)]) say(`  BROKEN: ${line}`);
  say(
    `${runs} looks after ${deaths} deaths in ${Math.round((performance.now() - began) / 1000)} s: ${acknowledgedRequests} requests, ` +
      `${leases} leases and ${acknowledgedReports} reported messages acknowledged, ${messages} messages stored; ` +
      (wrong.length === 0 ? 'every promise was kept' : `${wrong.length} promises were broken (seed ${seed})`),
  );
  return wrong.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
