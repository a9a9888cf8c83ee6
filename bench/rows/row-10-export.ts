import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../child.js';
import { download } from '../download.js';
import { Gateway } from '../gateway.js';
import type { Load } from '../load.js';
import { rates } from '../report.js';
import type { Row } from '../row.js';
import { leaseOf, loginAsAdmin, type Shop } from '../shop.js';
import { compare } from '../slices.js';
import { median, percentile, spread } from '../statistics.js';
import { DEFAULT_COLUMNS } from '../../src/reports/export-columns.js';

const PATH = '/reports/export.csv';
const FIELDS = DEFAULT_COLUMNS.map((name) => (name === 'message_id' ? '_id' : name));
const MOST_ROUNDS = 3;
const IDLE_LEASES = 300;
const JOBS = 10;
const EVERY_MILLIS = 10;
const MIB = 1024 * 1024;

export const exporting: Row = {
  number: 10,
  what: 'CSV of 1,000,000 messages / raw keyset read + join, rows',
  async run({ backlog, rounds, quick }) {
    const { dir, shop, messages } = await backlog.large;
    const few = Math.min(rounds, MOST_ROUNDS);
    const growths: number[] = [];
    const firstBytes: number[] = [];
    let rows = 0;
    // Only one process at a time can use a folder, so each slice starts its own.
    const {
      ratio,
      spread: ratios,
      a,
      b,
    } = await compare(
      few,
      async () => {
        const gateway = await Gateway.start({ dir });
        const load = await gateway.load(1);
        const admin = await loginAsAdmin(load);
        await load.send(new Array<Buffer>(20).fill(leaseOf(shop.phones[0]!, JOBS)), 200);
        const memory = watchMemory(gateway);
        const slice = await gateway.child.slice(async () => {
          const file = await download(gateway.port, PATH, admin);
          firstBytes.push(file.firstByteMillis);
          return (rows = file.lines);
        });
        growths.push((await memory()) / MIB);
        await gateway.stop();
        return slice;
      },
      async () => {
        const raw = Child.start({ program: './programs/raw-export.js', args: [dir] });
        const slice = await raw.slice(() => raw.ask<number>('export', { tenant: shop.tenant, fields: FIELDS }));
        await raw.stop();
        if (slice.units !== rows) throw new Error(`the file has ${rows} rows instead of ${slice.units}`);
        return slice;
      },
    );
    const leases = await leasesMeanwhile(dir, shop, quick ? 2 : few);
    const size = messages.toLocaleString('en-US');
    return {
      figures: [
        {
          what: `CSV of ${size} messages / raw keyset read + join, rows`,
          value: ratio,
          unit: '',
          floor: 0.6,
          goal: 0.8,
          spread: ratios,
        },
        {
          what: 'lease of 10 while it is written / idle, p99',
          value: median(leases.ratios),
          unit: '',
          floor: 3,
          goal: 2,
          lowerIsBetter: true,
          spread: spread(leases.ratios),
        },
        {
          what: 'growth of resident memory while a fresh gateway writes it, at most',
          value: Math.max(...growths),
          unit: 'MB',
          floor: 64,
          goal: 64,
          lowerIsBetter: true,
        },
        {
          what: 'first byte, the longest',
          value: Math.max(...firstBytes),
          unit: 'ms',
          floor: 100,
          goal: 100,
          lowerIsBetter: true,
        },
      ],
      notes: [`ours ${rates(a, 'rows')}`, `raw ${rates(b, 'rows')}`, leases.note],
    };
  },
};

/** Measures repeatedly until it is stopped; then returns the largest growth since the beginning, in bytes. */
function watchMemory(gateway: Gateway): () => Promise<number> {
  const ended = new AbortController();
  const watch = async (): Promise<number> => {
    const begin = await gateway.child.ask<number>('memory');
    let most = begin;
    while (!ended.signal.aborted) {
      await sleep(100);
      most = Math.max(most, await gateway.child.ask<number>('memory'));
    }
    return most - begin;
  };
  const watched = watch();
  return () => {
    ended.abort();
    return watched;
  };
}

async function leasesMeanwhile(dir: string, shop: Shop, rounds: number) {
  const gateway = await Gateway.start({ dir });
  const load = await gateway.load(1);
  const admin = await loginAsAdmin(load);
  const ratios: number[] = [];
  const p99s: { idle: number; busy: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const idle = percentile(await leaseWhile(load, shop, (done) => done < IDLE_LEASES), 0.99);
    let writing = true;
    const written = download(gateway.port, PATH, admin).finally(() => (writing = false));
    const busy = percentile(await leaseWhile(load, shop, () => writing), 0.99);
    await written;
    if (round === 0) continue;
    p99s.push({ idle, busy });
    ratios.push(busy / idle);
  }
  await gateway.stop();
  const of = (which: 'idle' | 'busy') => median(p99s.map((pair) => pair[which])).toFixed(1);
  return { ratios, note: `lease p99 ${of('busy')} ms while it is written, ${of('idle')} ms idle` };
}

/** Makes one lease after the other, with a pause between them; returns the milliseconds of each. */
async function leaseWhile(load: Load, shop: Shop, more: (done: number) => boolean): Promise<number[]> {
  const millis: number[] = [];
  while (more(millis.length)) {
    millis.push(...(await load.send([leaseOf(shop.phones[0]!, JOBS)], 200)));
    await sleep(EVERY_MILLIS);
  }
  return millis;
}
