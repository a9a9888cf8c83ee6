import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Gates, type Verdict } from '../../src/messages/gates.js';
import { TestGateway } from '../support/gateway.js';
import { accept } from '../support/sending.js';
import { openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';
import { leasedIds, leaseJobs } from '../support/traffic.js';

/** Gates stand between a queue and a lease; opt-outs and the order of relayed texts have theirs. */
describe('a gate', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;
  /** By number; any other passes. */
  const verdicts = new Map<string, Verdict>();
  const asked: string[][] = [];

  const later = (seconds: number) => new Date(gateway.clock.now().getTime() + seconds * 1000);
  const message = async (id: string) => (await shop.client.get(`/messages/${id}`)).body;
  let texts = 0;
  async function submit(numbers: readonly string[], extra: Record<string, unknown> = {}): Promise<string[]> {
    const messages = numbers.map((to) => ({ to, variables: { CODE: `${++texts}` } }));
    const { request_id } = await accept(shop.client, {
      template_id: shop.templateId,
      route: `agent:${phone.agentId}`,
      messages,
      ...extra,
    });
    const { body } = await shop.client.get(`/messages?request_id=${request_id}&limit=500`);
    return body.items.map((item: { message_id: string }) => item.message_id);
  }

  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '6000', JWT_ACCESS_MINUTES: '10000' });
    shop = await openShop(gateway);
    gateway.get(Gates).register({
      name: 'first',
      judge: (messages) => {
        asked.push(messages.map(({ to }) => to));
        return Promise.resolve(messages.map(({ to }) => verdicts.get(to) ?? 'pass'));
      },
    });
    gateway.get(Gates).register({
      name: 'second',
      judge: (messages) =>
        Promise.resolve(messages.map(({ to }) => (to === '+84900000666' ? { fail: 'EVIL' } : 'pass'))),
    });
  });
  beforeEach(async () => {
    verdicts.clear();
    phone = await registerPhone(gateway);
    asked.length = 0;
  });
  afterAll(() => gateway.stop());

  it('lets messages pass, fails them, or makes them wait', async () => {
    verdicts.set('+84900000001', { fail: 'OPTED_OUT' });
    verdicts.set('+84900000002', { until: later(3600), note: 'quiet hours' });
    const [refused, waiting, passed] = await submit(['+84900000001', '+84900000002', '+84900000003']);
    expect(await leaseJobs(phone)).toMatchObject([{ message_id: passed, attempts: 1 }]);
    expect(await report(phone, passed!, 'SENT')).toMatchObject({ result: 'updated' });
    expect(await message(refused!)).toMatchObject({ status: 'FAILED', last_error: 'OPTED_OUT', attempts: 0 });
    const put = await message(waiting!);
    expect(put).toMatchObject({ status: 'PENDING', attempts: 0 });
    expect(put.history.at(-1)).toEqual({
      at: later(0).toISOString(),
      actor: 'system',
      event: 'postponed',
      until: later(3600).toISOString(),
      note: 'first: quiet hours',
    });
    verdicts.clear();
    gateway.clock.advance(3599);
    expect(await leasedIds(phone)).toEqual([]);
    gateway.clock.advance(1);
    expect(await leasedIds(phone)).toEqual([waiting]);
  });

  it('is asked once for all heads of a claim, and after what has expired', async () => {
    await submit(['+84900000009'], { ttl_seconds: 30 });
    gateway.clock.advance(30);
    const numbers = ['+84900000004', '+84900000005', '+84900000006'];
    await submit(numbers);
    expect(await leasedIds(phone, 3)).toHaveLength(3);
    // The expired one stands at the head of the queue, unless the worker was there before.
    expect(asked[0]!.length).toBeGreaterThanOrEqual(2);
    expect(asked.flat().toSorted()).toEqual(numbers);
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  it('is one of several: the first that objects decides', async () => {
    verdicts.set('+84900000666', { fail: 'OPTED_OUT' });
    const [both] = await submit(['+84900000666']);
    await leasedIds(phone);
    expect((await message(both!)).last_error).toBe('OPTED_OUT');
    verdicts.clear();
    const [one] = await submit(['+84900000666']);
    await leasedIds(phone);
    expect((await message(one!)).last_error).toBe('EVIL');
  });

  it('hides nothing that stands behind what it stops', async () => {
    verdicts.set('+84900000001', { fail: 'OPTED_OUT' });
    const ids = await submit([...Array.from({ length: 300 }, () => '+84900000001'), '+84900000008']);
    expect(await leasedIds(phone, 1)).toEqual([ids.at(-1)]);
  });

  it('takes nothing from what the phone may lease', async () => {
    verdicts.set('+84900000001', { fail: 'OPTED_OUT' });
    await shop.admin.patch(`/admin/agents/${phone.agentId}`, { daily_cap: 2 });
    const ids = await submit(['+84900000001', '+84900000001', '+84900000003', '+84900000003', '+84900000003']);
    expect(await leasedIds(phone)).toEqual(ids.slice(2, 4));
  });
});
