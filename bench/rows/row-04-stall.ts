import { join } from 'node:path';
import { Gateway } from '../gateway.js';
import type { Row } from '../row.js';
import { openShop, submission } from '../shop.js';
import { median, spread } from '../statistics.js';

const RECIPIENTS = 5000;

export const stall: Row = {
  number: 4,
  what: 'longest event-loop block while 5,000 recipients are accepted',
  async run({ dir, rounds, quick }) {
    const gateway = await Gateway.start({ dir: join(dir, 'row-4') });
    const shop = await openShop(gateway, 1);
    const load = await gateway.load(1);
    const blocks: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const bodies = Array.from({ length: quick ? 1 : 3 }, () => submission(shop, shop.phones[0]!, RECIPIENTS));
      await gateway.child.ask('watchLoop');
      await load.send(bodies, 201);
      const longest = await gateway.child.ask<number>('longestBlock');
      if (round > 0) blocks.push(longest);
    }
    await gateway.stop();
    return {
      figures: [
        {
          what: this.what,
          value: median(blocks),
          unit: 'ms',
          floor: 25,
          goal: 15,
          lowerIsBetter: true,
          spread: spread(blocks),
        },
      ],
      notes: [`median of the rounds' longest; the longest of all ${Math.max(...blocks).toFixed(1)} ms`],
    };
  },
};
