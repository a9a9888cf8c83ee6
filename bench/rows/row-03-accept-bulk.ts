import { join } from 'node:path';
import { Child } from '../child.js';
import { Gateway } from '../gateway.js';
import { rates } from '../report.js';
import type { Row } from '../row.js';
import { openShop, submission } from '../shop.js';
import { compare } from '../slices.js';

const RECIPIENTS = 5000;

export const acceptBulk: Row = {
  number: 3,
  what: 'acceptance of 5,000 recipients / raw bulk insert of the same rows, rows',
  async run({ dir, rounds, quick }) {
    const gateway = await Gateway.start({ dir: join(dir, 'row-3') });
    const shop = await openShop(gateway, 1);
    const raw = Child.start({ program: './programs/raw-bulk-insert.js', args: [join(dir, 'row-3-raw')] });
    const load = await gateway.load(1);
    const requests = quick ? 1 : 3;
    const { ratio, spread, a, b } = await compare(
      rounds,
      () => {
        const bodies = Array.from({ length: requests }, () => submission(shop, shop.phones[0]!, RECIPIENTS));
        return gateway.child.slice(async () => (await load.send(bodies, 201)).length * RECIPIENTS);
      },
      async () => {
        await raw.ask('prepare', requests);
        return raw.slice(() => raw.ask<number>('insert'));
      },
    );
    await Promise.all([gateway.stop(), raw.stop()]);
    return {
      figures: [{ what: this.what, value: ratio, unit: '', floor: 0.5, goal: 0.8, spread }],
      notes: [`ours ${rates(a, 'messages')}`, `raw insert ${rates(b, 'messages')}`],
    };
  },
};
