import { Gateway } from '../gateway.js';
import type { Row } from '../row.js';
import { leaseOf, submission } from '../shop.js';
import { median } from '../statistics.js';

const STARTS = 3;
const MIB = 1024 * 1024;

export const memory: Row = {
  number: 9,
  what: 'memory and readiness with 1,000,000 messages queued',
  async run({ backlog }) {
    const { dir, shop, messages } = await backlog.large;
    const readyMillis: number[] = [];
    const rss = { started: 0, worked: 0 };
    for (let start = 0; start < STARTS; start++) {
      const gateway = await Gateway.start({ dir });
      readyMillis.push(gateway.readyMillis);
      rss.started = (await gateway.child.ask<number>('memory')) / MIB;
      if (start === STARTS - 1) {
        const load = await gateway.load(4);
        const phone = shop.phones[0]!;
        const leases = new Array<Buffer>(200).fill(leaseOf(phone, 10));
        await load.send(leases, 200);
        await load.send(
          Array.from({ length: 200 }, () => submission(shop, phone, 1)),
          201,
        );
        rss.worked = (await gateway.child.ask<number>('memory')) / MIB;
      }
      await gateway.stop();
    }
    return {
      figures: [
        {
          what: `resident memory with ${messages.toLocaleString('en-US')} queued, after some work`,
          value: rss.worked,
          unit: 'MB',
          floor: 300,
          goal: 200,
          lowerIsBetter: true,
        },
        {
          what: 'from the start of the process to ready',
          value: median(readyMillis) / 1000,
          unit: 's',
          floor: 2,
          goal: 1,
          lowerIsBetter: true,
        },
      ],
      notes: [
        `${rss.started.toFixed(0)} MB when ready, ${rss.worked.toFixed(0)} MB after 200 leases and 200 submissions`,
      ],
    };
  },
};
