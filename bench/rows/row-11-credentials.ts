import { join } from 'node:path';
import { foundShop } from '../backlog.js';
import { Child } from '../child.js';
import type { Figure, Row } from '../row.js';
import { median, spread } from '../statistics.js';

const CHECKS = { key: 'API key check', token: 'agent token check' } as const;
const WHOLE = { wholeKey: 'API key', wholeToken: 'agent token' } as const;

export const credentials: Row = {
  number: 11,
  what: 'API key and agent token check, warm; bcrypt calls on their path',
  async run({ dir, rounds }) {
    const folder = join(dir, 'row-11');
    const shop = await foundShop(folder, 1);
    const child = Child.start({ program: './programs/credentials.js', args: [folder] });
    const credential = {
      key: shop.key['x-api-key'],
      token: shop.phones[0]!.token.authorization.replace('Bearer ', ''),
    };
    const micros = new Map<string, number[]>();
    for (let round = 0; round <= rounds; round++) {
      for (const what of [...Object.keys(CHECKS), ...Object.keys(WHOLE)]) {
        const each = await child.ask<number>(what, credential);
        if (round > 0) micros.set(what, [...(micros.get(what) ?? []), each]);
      }
    }
    const calls = await child.ask<number>('bcryptCalls');
    await child.ask('bcryptOnce');
    if ((await child.ask<number>('bcryptCalls')) !== calls + 1) throw new Error('calls of bcrypt are not counted');
    await child.stop();
    const figures = Object.entries(CHECKS).map(([what, title]): Figure => ({
      what: title,
      value: median(micros.get(what)!),
      unit: 'us',
      floor: 5,
      goal: 1,
      lowerIsBetter: true,
      spread: spread(micros.get(what)!),
    }));
    figures.push({
      what: 'bcrypt calls of these checks',
      value: calls,
      unit: 'calls',
      floor: 0,
      goal: 0,
      lowerIsBetter: true,
    });
    const whole = Object.entries(WHOLE).map(([what, title]) => `${title} ${median(micros.get(what)!).toFixed(2)} us`);
    return { figures, notes: [`from the headers to the principal: ${whole.join(', ')}`] };
  },
};
