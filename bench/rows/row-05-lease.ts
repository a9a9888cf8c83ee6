import { join } from 'node:path';
import { fill, fillingOf, foundShop } from '../backlog.js';
import { Child } from '../child.js';
import { Gateway } from '../gateway.js';
import { rates } from '../report.js';
import type { Row } from '../row.js';
import { leaseOf, type Shop } from '../shop.js';
import { compare } from '../slices.js';
import { queueKey } from '../../src/domain/route.js';

const PHONES = 8;
const JOBS = 10;

export const lease: Row = {
  number: 5,
  what: 'lease of 10 over HTTP / raw SQL lease',
  async run({ dir, rounds, quick }) {
    // Enough for the first, uncounted slice to warm both programs up.
    const leases = quick ? 10 : 120;
    const folders = [join(dir, 'row-5'), join(dir, 'row-5-raw')] as const;
    const shop = await foundShop(folders[0], PHONES);
    for (const folder of folders) {
      const messages = (rounds + 2) * leases * PHONES * JOBS;
      await fill(folder, { ...fillingOf(shop), messages, dueInDays: 0, fingerprints: false });
    }
    const gateway = await Gateway.start({ dir: folders[0] });
    const raw = Child.start({ program: './programs/raw-lease.js', args: [folders[1]] });
    const load = await gateway.load(PHONES);
    const requests = Array.from({ length: leases }, () => shop.phones.map((phone) => leaseOf(phone, JOBS))).flat();
    const { ratio, spread, a, b } = await compare(
      rounds,
      () =>
        gateway.child.slice(async () => {
          let jobs = 0;
          await load.send(requests, 200, ({ body }) => (jobs += countJobs(body)));
          return mustBe(jobs, requests.length * JOBS) / JOBS;
        }),
      () =>
        raw.slice(async () => {
          const jobs = await raw.ask<number>('lease', { queues: queuesOf(shop), rounds: leases });
          return mustBe(jobs, requests.length * JOBS) / JOBS;
        }),
    );
    await Promise.all([gateway.stop(), raw.stop()]);
    return {
      figures: [{ what: this.what, value: ratio, unit: '', floor: 0.35, goal: 0.5, spread }],
      notes: [`ours ${rates(a, 'leases')}`, `raw SQL ${rates(b, 'leases')}`],
    };
  },
};

function queuesOf({ tenant, phones }: Shop): { queue: string; holder: string }[] {
  return phones.map(({ agentId }) => ({
    queue: queueKey(tenant, { kind: 'agent', agentId }, null),
    holder: agentId,
  }));
}

function countJobs(body: Buffer): number {
  return (JSON.parse(body.toString()) as { messages: unknown[] }).messages.length;
}

function mustBe(jobs: number, expected: number): number {
  if (jobs !== expected) throw new Error(`${jobs} jobs were leased instead of ${expected}`);
  return jobs;
}
