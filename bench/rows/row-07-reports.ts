import { join } from 'node:path';
import { fill, fillingOf, foundShop } from '../backlog.js';
import { Gateway } from '../gateway.js';
import { rates } from '../report.js';
import type { Row } from '../row.js';
import { leaseOf, reportOf } from '../shop.js';
import { compare } from '../slices.js';

const PHONES = 8;
const TOGETHER = 10;

export const reports: Row = {
  number: 7,
  what: 'reports of 10 / single reports, messages',
  async run({ dir, rounds, quick }) {
    const singles = quick ? 400 : 1200;
    const tens = quick ? 80 : 240;
    const folder = join(dir, 'row-7');
    const shop = await foundShop(folder, PHONES);
    const messages = Math.ceil((rounds + 2) * (singles + tens * TOGETHER) * 1.1);
    await fill(folder, { ...fillingOf(shop), messages, dueInDays: 0, fingerprints: false });
    const gateway = await Gateway.start({ dir: folder });
    const load = await gateway.load(PHONES);
    const leased = async (perPhone: number): Promise<string[][]> => {
      const ids: string[][] = shop.phones.map(() => []);
      for (let i = 0; i < ids.length; i++) {
        while (ids[i]!.length < perPhone) {
          const limit = Math.min(200, perPhone - ids[i]!.length);
          const { messages } = await load.ask<{ messages: { message_id: string }[] }>(leaseOf(shop.phones[i]!, limit));
          if (messages.length === 0) throw new Error('the queue ran dry');
          ids[i]!.push(...messages.map((message) => message.message_id));
        }
      }
      return ids;
    };
    const report = async (together: number, calls: number) => {
      const ids = await leased((calls / PHONES) * together);
      const requests = ids.flatMap((own, i) =>
        Array.from({ length: own.length / together }, (_, n) =>
          reportOf(shop.phones[i]!, own.slice(n * together, (n + 1) * together), 'SENT'),
        ),
      );
      return gateway.child.slice(async () => (await load.send(requests, 200)).length * together);
    };
    const { ratio, spread, a, b } = await compare(
      rounds,
      () => report(TOGETHER, tens),
      () => report(1, singles),
    );
    await gateway.stop();
    return {
      figures: [{ what: this.what, value: ratio, unit: '', floor: 2.5, goal: 3.5, spread }],
      notes: [`of ten ${rates(a, 'messages')}`, `single ${rates(b, 'messages')}`],
    };
  },
};
