import { join } from 'node:path';
import { Child } from '../child.js';
import { encodeRequest } from '../connection.js';
import { Gateway } from '../gateway.js';
import { Load } from '../load.js';
import { rates } from '../report.js';
import type { Row } from '../row.js';
import { newMessage, openShop } from '../shop.js';
import { compare } from '../slices.js';

const CONNECTIONS = 32;

export const http: Row = {
  number: 1,
  what: 'our authenticated, validated small POST / bare Fastify’s with ajv',
  async run({ dir, rounds, quick }) {
    const gateway = await Gateway.start({ dir: join(dir, 'row-1'), preload: ['./programs/echo-route.js'] });
    const shop = await openShop(gateway, 1);
    const bare = Child.start({ program: './programs/bare-fastify.js', args: [shop.key['x-api-key']] });
    const ours = await gateway.load(CONNECTIONS);
    const theirs = await Load.open(await bare.ask<number>('port'), CONNECTIONS);
    const body = { template_id: shop.templateId, agent_id: shop.phones[0]!.agentId, messages: [newMessage()] };
    const count = quick ? 4000 : 40_000;
    const requests = (path: string): Buffer[] => new Array(count).fill(encodeRequest('POST', path, shop.key, body));
    const [toOurs, toTheirs] = [requests('/bench/echo'), requests('/validated')];
    const { ratio, spread, a, b } = await compare(
      rounds,
      () => gateway.child.slice(async () => (await ours.send(toOurs, 200)).length),
      () => bare.slice(async () => (await theirs.send(toTheirs, 200)).length),
    );
    await Promise.all([gateway.stop(), bare.stop()]);
    return {
      figures: [{ what: this.what, value: ratio, unit: '', floor: 0.4, goal: 0.6, spread }],
      notes: [`ours ${rates(a, 'requests')}`, `bare Fastify ${rates(b, 'requests')}`],
    };
  },
};
