import { join } from 'node:path';
import { Child } from '../child.js';
import { encodeRequest } from '../connection.js';
import { Gateway } from '../gateway.js';
import { Load } from '../load.js';
import { rates } from '../report.js';
import type { Row } from '../row.js';
import { newMessage, openShop, submission } from '../shop.js';
import { compare } from '../slices.js';

const CONNECTIONS = 64;

export const acceptOne: Row = {
  number: 2,
  what: 'durable acceptance of one message (FULL) / bare Fastify no-op',
  async run({ dir, rounds, quick }) {
    const gateway = await Gateway.start({ dir: join(dir, 'row-2') });
    const shop = await openShop(gateway, 1);
    const phone = shop.phones[0]!;
    const bare = Child.start({ program: './programs/bare-fastify.js', args: ['none'] });
    const ours = await gateway.load(CONNECTIONS);
    const theirs = await Load.open(await bare.ask<number>('port'), CONNECTIONS);
    const count = quick ? 500 : 5000;
    const body = { template_id: shop.templateId, agent_id: phone.agentId, messages: [newMessage()] };
    const noOps: Buffer[] = new Array(count * 8).fill(encodeRequest('POST', '/no-op', shop.key, body));
    const { ratio, spread, a, b } = await compare(
      rounds,
      () => {
        const requests = Array.from({ length: count }, () => submission(shop, phone, 1));
        return gateway.child.slice(async () => (await ours.send(requests, 201)).length);
      },
      () => bare.slice(async () => (await theirs.send(noOps, 200)).length),
    );
    await Promise.all([gateway.stop(), bare.stop()]);
    return {
      figures: [{ what: this.what, value: ratio, unit: '', floor: 0.08, goal: 0.12, spread }],
      notes: [`ours ${rates(a, 'messages')}`, `bare Fastify ${rates(b, 'requests')}`],
    };
  },
};
