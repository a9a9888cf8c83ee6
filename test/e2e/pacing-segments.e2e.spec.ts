import { HttpAdapterHost } from '@nestjs/core';
import type { Server, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AgentClaims } from '../../src/agents/agent-claims.js';
import type { AgentPrincipal } from '../../src/agents/agent.authenticator.js';
import type { AgentDoc } from '../../src/agents/agent.js';
import { paceId } from '../../src/counters/counter-ids.js';
import { Claims } from '../../src/messages/claims.js';
import { TestGateway } from '../support/gateway.js';
import { openShop, registerPhone, type Phone, type Shop } from '../support/shop.js';
import { leasedIds, submit } from '../support/traffic.js';
import { waitFor } from '../support/wait-for.js';

/** Ten segments a minute and leases of a minute: ten may be out, two of which are kept for HIGH. */
const LEASE = 60;
const LONG_SEGMENT = 153;

describe('pacing by segments', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;
  let count = 0;

  const change = async (fields: Record<string, unknown>) => {
    const { status, body } = await shop.admin.patch(`/admin/agents/${phone.agentId}`, fields);
    expect(status).toBe(200);
    return body;
  };
  const settings = async (changes: Record<string, unknown>) => {
    const { status, body } = await shop.admin.put('/admin/settings', changes);
    expect(status).toBe(200);
    return body;
  };
  /** Submits a text of so many segments. */
  const long = async (segments: number, extra: Record<string, unknown> = {}): Promise<string> => {
    const CODE = `${++count} `.padEnd(segments === 1 ? 20 : (segments - 1) * LONG_SEGMENT + 50, 'x');
    const to = '+84901230000';
    const { status, body } = await shop.client.post('/requests', {
      template_id: shop.templateId,
      agent_id: phone.agentId,
      messages: [{ to, variables: { CODE } }],
      ...extra,
    });
    expect(status).toBe(201);
    const { items } = (await shop.client.get(`/messages?request_id=${body.request_id}`)).body;
    expect(items).toMatchObject([{ segments }]);
    // Each of its own second, so that they are in order.
    gateway.clock.advance(1);
    return items[0].message_id;
  };
  const sent = async (ids: string[]) => {
    const messages = ids.map((message_id) => ({ message_id, status: 'SENT' }));
    await phone.api.post('/agent/messages/report', { messages });
    return ids;
  };
  /** What one poll leases, told as sent at once, so that nothing is leased again. */
  const poll = async (limit = 50) => sent(await leasedIds(phone, limit));
  const pull = async (): Promise<{ id: string; simNumber: number }[]> => {
    const { status, body } = await phone.api.get('/api/mobile/v1/message?order=fifo');
    expect(status).toBe(200);
    return body;
  };
  /** What the app gets by one pull, told as sent at once. */
  const pullSent = async () => {
    const ids = (await pull()).map(({ id }) => id);
    const reports = ids.map((id) => ({ id, state: 'Sent', recipients: [], states: {} }));
    expect((await phone.api.patch('/api/mobile/v1/message', reports)).status).toBe(204);
    return ids;
  };
  const comesByApp = async (...slots: number[]) => {
    const { code } = (await shop.admin.post('/admin/agents/registration-codes', {})).body;
    const simCards = slots.map((slotIndex) => ({ slotIndex, simNumber: slotIndex + 1 }));
    const device = { name: 'samsung/a54x', simCards };
    const { status, body } = await gateway.api
      .as({ authorization: `Code ${code}` })
      .post('/api/mobile/v1/device', device);
    expect(status).toBe(201);
    phone = { api: gateway.api.withToken(body.token), agentId: body.id, token: body.token, deviceId: body.id };
    shop = { ...shop, phone };
  };

  beforeAll(async () => {
    gateway = await TestGateway.start({
      AGENT_RATE_LIMIT_PER_MIN: '10',
      LEASE_SECONDS: String(LEASE),
      JWT_ACCESS_MINUTES: '1000000',
      MESSAGE_TTL_HOURS: '720',
    });
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    phone = await registerPhone(gateway);
    shop = { ...shop, phone };
  });
  afterAll(() => gateway.stop());

  it('counts what a text is cut into', async () => {
    const ids = [await long(3), await long(3), await long(2), await long(1)];
    expect(await poll()).toEqual(ids.slice(0, 3));
    gateway.clock.advance(LEASE + 2);
    expect(await poll()).toEqual(ids.slice(3));
  });

  it.each([1, 50])('lets no shorter text overtake one that has no room yet (%i at a time)', async (limit) => {
    const first = [await long(3), await long(3)];
    const [big, small] = [await long(6), await long(1)];
    const got = [...(await poll(limit)), ...(await poll(limit)), ...(await poll(limit))];
    expect(got).toEqual(first);
    const [code] = await submit(shop, 1, { priority: 'HIGH' });
    expect(await poll(limit)).toEqual([code]);
    gateway.clock.advance(LEASE + 2);
    expect([...(await poll(limit)), ...(await poll(limit))]).toEqual([big, small]);
  });

  it('lets a text go by itself that is longer than a lease’s time can send, and pays for it afterwards', async () => {
    await change({ rate_limit_per_min: 2 });
    const small = await long(1);
    const [big, after] = [await long(5), await long(1)];
    expect(await poll()).toEqual([small]);
    expect(await poll()).toEqual([]);
    gateway.clock.advance(LEASE + 2);
    expect(await poll()).toEqual([big]);
    // Five segments at two a minute.
    gateway.clock.advance(2 * LEASE - 2);
    expect(await poll()).toEqual([]);
    gateway.clock.advance(LEASE + 4);
    expect(await poll()).toEqual([after]);
  });

  it('keeps what is too long for the rest of the day until midnight UTC, and lets shorter texts go', async () => {
    gateway.clock.set('2127-01-10T20:00:00Z');
    await change({ daily_cap: 5 });
    const [first, big, small] = [await long(3), await long(3), await long(2)];
    expect(await poll()).toEqual([first, small]);
    gateway.clock.set('2127-01-10T23:59:00Z');
    expect(await poll()).toEqual([]);
    gateway.clock.set('2127-01-11T00:00:00Z');
    expect(await poll()).toEqual([big]);
  });

  it('lets a text that is longer than a day’s cap go on a day of its own', async () => {
    gateway.clock.set('2127-01-12T20:00:00Z');
    await change({ daily_cap: 2 });
    const [small, big, after] = [await long(1), await long(4), await long(1)];
    expect(await poll()).toEqual([small, after]);
    gateway.clock.set('2127-01-13T00:00:00Z');
    expect(await poll()).toEqual([big]);
    const next = await long(1);
    expect(await poll()).toEqual([]);
    gateway.clock.set('2127-01-14T00:00:00Z');
    expect(await poll()).toEqual([next]);
  });

  it('keeps to the caps of an hour, of the phone and of each SIM', async () => {
    phone = await registerPhone(gateway, { sims: [{ slot: 0 }, { slot: 1 }] });
    shop = { ...shop, phone };
    await change({ rate_limit_per_min: 600, daily_cap: null, hourly_cap: 8, sims: [{ slot: 1, hourly_cap: 3 }] });
    const body = await change({ sims: [{ slot: 0, daily_cap: 100 }] });
    expect(body).toMatchObject({ hourly_cap: 8, sims: [{ daily_cap: 100 }, { daily_cap: null, hourly_cap: 3 }] });
    const pinned = [];
    for (let i = 0; i < 5; i++) {
      const [id] = await submit(shop, 1, { priority: 'HIGH', sim_slot: 1 });
      gateway.clock.advance(1);
      pinned.push(id!);
    }
    const free = await submit(shop, 9, { priority: 'HIGH', sim_slot: 0 });
    expect(await poll()).toEqual([...pinned.slice(0, 3), ...free.slice(0, 5)]);
    gateway.clock.advance(3590);
    expect(await poll()).toEqual([]);
    gateway.clock.advance(150);
    expect(await poll()).toEqual([...pinned.slice(3), ...free.slice(5)]);
    // Of no use once it is lifted.
    await change({ hourly_cap: 0 });
    const [last] = await submit(shop, 1, { priority: 'HIGH' });
    expect(await poll()).toEqual([]);
    await change({ hourly_cap: null, sims: [{ slot: 1, hourly_cap: null }] });
    expect(await poll()).toEqual([last]);
  });

  it('takes back all segments of what a phone that hung up never got', async () => {
    await change({ rate_limit_per_min: 600, hourly_cap: 10, daily_cap: 10 });
    const id = await long(8, { priority: 'HIGH' });
    const server = gateway.get(HttpAdapterHost).httpAdapter.getHttpServer() as Server;
    const closed = new Promise<void>((resolve) =>
      server.once('request', (_: unknown, response: ServerResponse) => response.once('close', resolve)),
    );
    const hangUp = new AbortController();
    const claims = gateway.get(Claims);
    const claim = claims.claim.bind(claims);
    const slow = jest.spyOn(claims, 'claim').mockImplementation(async (order) => {
      const leased = await claim(order);
      hangUp.abort();
      await closed;
      return leased;
    });
    const { signal } = hangUp;
    await expect(phone.api.get('/agent/jobs/next', { signal })).rejects.toMatchObject({ name: 'AbortError' });
    const lease = async () => (await shop.client.get(`/messages/${id}`)).body.lease;
    await waitFor(async () => expect((await lease())?.ended_at).toEqual(expect.any(String)));
    slow.mockRestore();
    expect(await poll()).toEqual([id]);
    await submit(shop, 3, { priority: 'HIGH' });
    expect(await poll()).toHaveLength(2);
  });

  it('goes on with what an earlier version counted', async () => {
    const counters = gateway.store.collection<{ _id: string; use: unknown }>('counters');
    const first = await long(1);
    expect(await poll()).toEqual([first]);
    const now = gateway.clock.now();
    const use = { slices: [[now.getTime(), 3]], day: now.toISOString().slice(0, 10), dayTaken: 3, simTaken: {} };
    await counters.updateOne({ _id: paceId(phone.agentId) }, { $set: { use } });
    await change({ daily_cap: 7, hourly_cap: 100 });
    const ids = [await long(3), await long(1), await long(1)];
    expect(await poll()).toEqual(ids.slice(0, 2));
  });

  describe('of a phone that comes by another’s app', () => {
    it('starts with a pace and a cap of an hour', async () => {
      await comesByApp();
      expect(await settings({})).toMatchObject({ app_rate_limit_per_min: 10, app_hourly_cap_per_sim: 200 });
      await settings({ agent_rate_limit_per_min: 6000 });
      const { body } = await shop.admin.get(`/admin/agents/${phone.agentId}`);
      expect(body.pace.rate_limit_per_min).toBe(10);
      await change({ rate_limit_per_min: 6000 });
      const ids = await submit(shop, 260, { priority: 'HIGH' });
      expect([...(await pullSent()), ...(await pullSent())]).toEqual(ids.slice(0, 200));
      expect(await pullSent()).toEqual([]);
      gateway.clock.advance(3600 + 130);
      expect(await pullSent()).toEqual(ids.slice(200));
      await settings({ agent_rate_limit_per_min: null });
    });

    it('goes by what the tenant or the phone was given', async () => {
      await comesByApp();
      await settings({ app_rate_limit_per_min: 600, app_hourly_cap_per_sim: 5 });
      const ids = await submit(shop, 30, { priority: 'HIGH' });
      expect(await pullSent()).toEqual(ids.slice(0, 5));
      await change({ hourly_cap: 9 });
      expect(await pullSent()).toEqual(ids.slice(5, 9));
      await change({ hourly_cap: null });
      expect(await pullSent()).toEqual([]);
      await settings({ app_rate_limit_per_min: null, app_hourly_cap_per_sim: null });
    });

    it('holds for each of its SIMs, the first as long as its hour has room', async () => {
      await comesByApp(0, 1);
      await settings({ app_rate_limit_per_min: 600, app_hourly_cap_per_sim: 5 });
      await submit(shop, 30, { priority: 'HIGH' });
      const sims = (await pull()).map(({ simNumber }) => simNumber);
      expect(sims).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
      await settings({ app_rate_limit_per_min: null, app_hourly_cap_per_sim: null });
    });
  });

  it('wakes an app’s phone only for what may leave', async () => {
    await comesByApp();
    gateway.clock.set('2127-01-20T12:00:00Z');
    const agents = gateway.store.collection<AgentDoc>('agents');
    const hasWork = async () => {
      const agent = await agents.findOne({ _id: phone.agentId });
      return gateway.get(AgentClaims).hasWork({ agent } as AgentPrincipal);
    };
    expect(await hasWork()).toBe(false);
    await submit(shop, 1);
    expect(await hasWork()).toBe(true);
    await change({ hours: { from: '08:00', to: '11:00', zone: 'UTC' } });
    expect(await hasWork()).toBe(false);
    await submit(shop, 1, { priority: 'HIGH' });
    expect(await hasWork()).toBe(true);
    await change({ daily_cap: 0 });
    expect(await hasWork()).toBe(false);
  });

  describe('within working hours', () => {
    const hours = { from: '08:00', to: '20:00', zone: 'Asia/Ho_Chi_Minh' };

    it('gives a phone HIGH alone outside of them', async () => {
      gateway.clock.set('2127-02-03T13:00:00Z'); // 20:00 there
      expect(await change({ hours })).toMatchObject({ hours });
      const ids = await submit(shop, 3);
      expect(await poll()).toEqual([]);
      const codes = await submit(shop, 2, { priority: 'HIGH' });
      expect(await poll()).toEqual(codes);
      gateway.clock.set('2127-02-04T00:59:59Z');
      expect(await poll()).toEqual([]);
      gateway.clock.set('2127-02-04T01:00:00Z');
      expect(await poll()).toEqual(ids);
    });

    it('goes by the tenant’s, unless the phone has its own', async () => {
      gateway.clock.set('2127-02-05T13:00:00Z');
      expect(await settings({ agent_hours: hours })).toMatchObject({ agent_hours: hours });
      const ids = await submit(shop, 1);
      expect(await poll()).toEqual([]);
      await change({ hours: { ...hours, from: '00:00', to: '00:00' } });
      expect(await poll()).toEqual(ids);
      await change({ hours: null });
      const more = await submit(shop, 1);
      expect(await poll()).toEqual([]);
      expect(await settings({ agent_hours: null })).toMatchObject({ agent_hours: null });
      expect(await poll()).toEqual(more);
    });

    it.each([
      [{ hours: { ...hours, zone: 'Asia/Saigonn' } }, 'hours.zone'],
      [{ hours: { ...hours, from: '8:00' } }, 'hours.from'],
      [{ hours: { ...hours, days: [] } }, 'hours.days'],
      [{ hours: { ...hours, days: ['Monday'] } }, 'hours.days.0'],
      [{ hours: { from: '08:00', to: '20:00' } }, 'hours.zone'],
      [{ hourly_cap: -1 }, 'hourly_cap'],
      [{ sims: [{ slot: 0, hourly_cap: -1 }] }, 'sims.0.hourly_cap'],
    ])('refuses the change %j of a phone', async (fields, field) => {
      const { status, body } = await shop.admin.patch(`/admin/agents/${phone.agentId}`, fields);
      expect({ status, field: body.details?.[0].field }).toEqual({ status: 400, field });
    });

    it.each([
      [{ agent_hours: { ...hours, zone: '+07:00' } }, 'agent_hours.zone'],
      [{ app_hourly_cap_per_sim: -1 }, 'app_hourly_cap_per_sim'],
      [{ app_rate_limit_per_min: 0 }, 'app_rate_limit_per_min'],
    ])('refuses the settings %j', async (changes, field) => {
      const { status, body } = await shop.admin.put('/admin/settings', changes);
      expect({ status, field: body.details?.[0].field }).toEqual({ status: 400, field });
    });
  });
});
