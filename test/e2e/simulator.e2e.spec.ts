import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fleetEvents, startPhones, type Fleet, type PhoneEvent } from '../../android-agent-sim/index.js';
import { TestGateway } from '../support/gateway.js';
import { openShop, type Shop } from '../support/shop.js';
import { submit } from '../support/traffic.js';
import { waitFor } from '../support/wait-for.js';

const MESSAGES = 300;
const FINAL = { delivered: 'DELIVERED', failed: 'FAILED' } as const;

describe('three phones in trouble', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let fleet: Fleet | undefined;
  const events = fleetEvents();
  const log: (PhoneEvent & { name: string })[] = [];
  const told = (name: string) => log.filter((event) => event.name === name);

  beforeAll(async () => {
    gateway = await TestGateway.start(
      // Leases short enough to run out while a phone is away, and phones that may do so often.
      { AGENT_RATE_LIMIT_PER_MIN: '12000', LEASE_SECONDS: '2', MAX_ATTEMPTS: '100' },
      { realTime: true },
    );
    shop = await openShop(gateway);
    for (const name of ['leased', 'sending', 'sent', 'delivered', 'failed', 'crashed', 'offline', 'error'] as const) {
      events.on(name, (event) => log.push({ ...event, name }));
    }
  });
  afterAll(async () => {
    await fleet?.stop({ graceMs: 0 });
    await gateway.stop();
  });

  it('bring every message to its end, and give none to the radio twice', async () => {
    fleet = await startPhones(
      {
        url: gateway.url,
        phones: 3,
        seed: 7,
        limit: 20,
        wait: 1,
        latency: [5, 15],
        deliveryLatency: [0, 30],
        failure: 0.1,
        crash: 0.04,
        crashSeconds: 0.3,
        offline: 0.04,
        offlineSeconds: 0.3,
      },
      { events },
    );
    const { items: agents } = (await shop.admin.get('/admin/agents')).body;
    const simulated = agents.filter((agent: { device_id: string }) => agent.device_id.startsWith('sim-'));
    expect(simulated).toHaveLength(3);
    const accepted: Promise<string[]>[] = [];
    for (const { agent_id } of simulated) {
      await shop.admin.patch(`/admin/agents/${agent_id}`, { groups: ['all'] });
      accepted.push(submit({ ...shop, phone: { ...shop.phone, agentId: agent_id } }, MESSAGES / 6));
    }
    accepted.push(submit(shop, MESSAGES / 2, { route: 'group:all' }));
    const ids = (await Promise.all(accepted)).flat();

    // What is final and what a phone knows come together when its last report is taken.
    const statuses = async (): Promise<Map<string, string>> => {
      const { body } = await shop.client.get('/messages/all?limit=500');
      return new Map(body.items.map((item: { message_id: string; status: string }) => [item.message_id, item.status]));
    };
    await waitFor(
      async () => {
        const open = [...(await statuses())].filter(([, status]) => !['DELIVERED', 'FAILED'].includes(status));
        expect(open).toEqual([]);
      },
      { timeout: 45_000, interval: 100 },
    );

    const radio = new Map<string, number>();
    for (const { messageId } of told('sending')) radio.set(messageId!, (radio.get(messageId!) ?? 0) + 1);
    expect([...radio].filter(([, times]) => times !== 1)).toEqual([]);
    expect([...radio.keys()].toSorted()).toEqual(ids.toSorted());

    const ends = [...told('delivered'), ...told('failed')];
    const known = new Map(ends.map(({ messageId, name }) => [messageId!, FINAL[name as keyof typeof FINAL]]));
    expect(Object.fromEntries(await statuses())).toEqual(Object.fromEntries(known));
    expect(fleet.failure).toBeUndefined();

    // There was trouble indeed.
    expect(told('crashed').length).toBeGreaterThan(3);
    expect(told('offline').length).toBeGreaterThan(3);
    expect(told('failed').length).toBeGreaterThan(10);
    expect(told('leased').length).toBeGreaterThan(MESSAGES);
  });
});
