import { parseArgs } from 'node:util';
import { CARRIER_FAULT_POINTS } from './fault-points.js';
import { runSoak } from './soak.js';
import type { StoreKind } from './store-under-test.js';

const USAGE = `npm run soak -- [options]

Sends texts through a provider that fails for now, for good and without an answer, and loses, doubles and reorders its receipts, while
the gateway is killed (SIGKILL). Then every message must have ended as the provider knows it, or say why nobody can know; none may
have been taken twice; the reports must add up. Exits 1 with the seed when one of it isn't so.

  --store embedded|mongo   mongo needs MONGO_TEST_URI; default embedded
  --messages N             default 5000
  --kills N                default 10
  --seed N                 default: drawn
`;

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'embedded' },
    messages: { type: 'string', default: '5000' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
if (values.help) {
  say(USAGE);
} else {
  const began = performance.now();
  const seed = Number(values.seed);
  say(`seed ${seed}, store ${values.store}`);
  const { wrong, deaths, ends, calls, taken } = await runSoak({
    store: values.store as StoreKind,
    seed,
    messages: Number(values.messages),
    kills: Number(values.kills),
    points: CARRIER_FAULT_POINTS,
    life: [1500, 4000],
    quietMillis: 20_000,
    log: say,
  });
  for (const line of wrong.slice(0, 20)) say(`  BROKEN: ${line}`);
  const seconds = Math.round((performance.now() - began) / 1000);
  const ended = Object.entries(ends).map(([end, count]) => `${count} ${end}`);
  say(`${deaths} deaths in ${seconds} s; ${calls} calls, ${taken} texts taken; ${ended.join(', ')}`);
  say(wrong.length === 0 ? 'every message ended right' : `${wrong.length} went wrong (seed ${seed})`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
