import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { openShop, registerPhone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { leasedIds, submit } from '../support/traffic.js';

describe('phones as an administrator sees them', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let other: Shop;

  const agent = async (id: string) => (await shop.admin.get(`/admin/agents/${id}`)).body;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway);
    other = await openTenantShop(gateway, 'other');
  });
  afterAll(() => gateway.stop());

  it('lists them newest first, without their tokens', async () => {
    const later = [await registerPhone(gateway, { label: 'Second' }), await registerPhone(gateway)];
    const { status, body } = await shop.admin.get('/sms/admin/agents');
    expect(status).toBe(200);
    const ids = body.items.map((item: { agent_id: string }) => item.agent_id);
    expect(ids.slice(0, 3)).toEqual([later[1]!.agentId, later[0]!.agentId, shop.phone.agentId]);
    expect(body.count).toBe(ids.length);
    expect(ids).not.toContain(other.phone.agentId);
    expect(JSON.stringify(body)).not.toMatch(/token|tla_/);

    const first = (await shop.admin.get('/admin/agents?limit=2')).body;
    const second = (await shop.admin.get(`/admin/agents?limit=2&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items].map((item) => item.agent_id)).toEqual(ids.slice(0, 4));
  });

  it('filters by is_active', async () => {
    const gone = await registerPhone(gateway);
    await shop.admin.post(`/admin/agents/${gone.agentId}/unregister`);
    const ids = async (query: string): Promise<string[]> =>
      (await shop.admin.get(`/admin/agents?${query}`)).body.items.map((item: { id: string }) => item.id);
    for (const yes of ['1', 'true']) {
      expect(await ids(`is_active=${yes}`)).toContain(shop.phone.agentId);
      expect(await ids(`is_active=${yes}`)).not.toContain(gone.agentId);
    }
    for (const no of ['0', 'false']) expect(await ids(`is_active=${no}`)).toEqual([gone.agentId]);
    expect(await ids('')).toEqual(expect.arrayContaining([gone.agentId, shop.phone.agentId]));
    expect((await shop.admin.get('/admin/agents?is_active=maybe')).status).toBe(400);
  });

  it('shows what a heartbeat told', async () => {
    const phone = await registerPhone(gateway);
    const beat = await phone.api.post('/agent/heartbeat', {
      battery_level: 71,
      signal: -85,
      app_version: '1.4.2',
      sims: [
        { slot: 1, number: '+84901112223', carrier: 'Viettel' },
        { slot: 0, number: null },
      ],
      unknown_field: { from: 'a newer app' },
    });
    expect(beat.status).toBe(200);
    expect(beat.body).toMatchObject({ status: 'ok', lease_seconds: 300 });
    expect(await agent(phone.agentId)).toMatchObject({
      status: 'online',
      online: true,
      battery_level: 71,
      signal: -85,
      app_version: '1.4.2',
      last_seen_at: gateway.clock.now().toISOString(),
      sims: [
        { slot: 0, number: null, carrier: null, daily_cap: null },
        { slot: 1, number: '+84901112223', carrier: 'Viettel', daily_cap: null },
      ],
    });
    // What the next one leaves out stays.
    expect((await phone.api.post('/agent/heartbeat', {})).status).toBe(200);
    expect(await agent(phone.agentId)).toMatchObject({ battery_level: 71, app_version: '1.4.2' });
  });

  it.each([
    [{ battery_level: 250 }, ['battery_level']],
    [{ battery_level: '80' }, ['battery_level']],
    [{ battery: 80 }, ['battery']],
    [{ signal: [1], battery_level: {} }, ['signal', 'battery_level']],
    [{ status: 'On line' }, ['status']],
    [{ status: null }, ['status']],
    [{ sims: [{ slot: 0, carrier: 7 }] }, ['sims.0.carrier']],
    [{ sims: [{ slot: 16 }] }, ['sims']],
    [{ sims: [{ slot: 0 }, 'x'] }, ['sims']],
    [{ sims: Array.from({ length: 17 }, () => ({ slot: 0 })) }, ['sims']],
  ])('takes of the heartbeat %j what can be right, and says what it left out', async (beat, ignored) => {
    const phone = await registerPhone(gateway, { sims: [{ slot: 0, carrier: 'A' }] });
    const { status, body } = await phone.api.post('/agent/heartbeat', { app_version: '2.0', ...beat });
    expect({ status, ignored: body.ignored.sort() }).toEqual({ status: 200, ignored: [...ignored].sort() });
    const { sims, ...shown } = await agent(phone.agentId);
    expect(shown).toMatchObject({ app_version: '2.0', status: 'online', battery_level: null, signal: null });
    const carrier = ignored[0] === 'sims.0.carrier' ? null : 'A';
    expect(sims).toEqual([expect.objectContaining({ slot: 0, carrier })]);
  });

  it('takes a heartbeat with what is no number, and one with half of a character', async () => {
    const phone = await registerPhone(gateway);
    const bodies = ['{"battery_level":NaN,"signal":-71,"status":"NaN"}', '{"battery_level":1e400,"signal":-71}'];
    for (const body of bodies) {
      const answer = await phone.api.post('/agent/heartbeat', body);
      expect(answer.body.ignored[0]).toMatch(/status|battery_level/);
      expect(await agent(phone.agentId)).toMatchObject({ battery_level: null, signal: -71 });
    }
    expect((await phone.api.post('/agent/heartbeat', '{"app_version":"1\\ud83d\\u0000"}')).status).toBe(200);
    expect((await agent(phone.agentId)).app_version).toBe('1\ufffd\ufffd');
    for (const body of ['[]', '7', '', 'null', '{'])
      expect((await phone.api.post('/agent/heartbeat', body)).status).toBe(400);
  });

  it('registers a phone with what can be right of it, and guesses at no credential', async () => {
    const device_id = 'wild-values';
    const wild = { device_id, label: 7, app_version: {}, sims: [{ slot: -1 }], extra: 1 };
    const { status, body } = await gateway.api.post('/agent/register', wild);
    expect(status).toBe(201);
    expect(body.ignored.sort()).toEqual(['app_version', 'extra', 'label', 'sims']);
    for (const [field, value] of [
      ['device_id', 7],
      ['registration_secret', 12345678],
      ['tenant', []],
      ['rotate_token', {}],
    ] as const) {
      const refused = await gateway.api.post('/agent/register', { device_id, [field]: value });
      expect(refused.body.details).toMatchObject([{ field }]);
    }
  });

  it('calls a phone offline that says so or is silent, until it polls again', async () => {
    const phone = await registerPhone(gateway);
    const seen = async () => {
      const { status, online } = await agent(phone.agentId);
      return { status, online };
    };
    expect(await seen()).toEqual({ status: 'online', online: true });
    await phone.api.post('/agent/heartbeat', { status: 'offline' });
    expect(await seen()).toEqual({ status: 'offline', online: false });
    await phone.api.get('/agent/jobs/next');
    expect(await seen()).toEqual({ status: 'online', online: true });
    gateway.clock.advance(90);
    expect(await seen()).toEqual({ status: 'online', online: true });
    gateway.clock.advance(1);
    expect(await seen()).toEqual({ status: 'offline', online: false });
    await phone.api.get('/agent/jobs/next');
    expect(await seen()).toEqual({ status: 'online', online: true });
  });

  it('changes label, groups, pace and caps, which hold from the next poll on', async () => {
    const phone = await registerPhone(gateway, { sims: [{ slot: 0 }, { slot: 1 }] });
    expect((await phone.api.get('/agent/jobs/next')).body.rate_limit_per_min).toBe(10);
    const change = { label: 'Desk', groups: ['otp', 'bulk'], rate_limit_per_min: 30, daily_cap: 500 };
    const changed = await shop.admin.patch(`/admin/agents/${phone.agentId}`, {
      ...change,
      sims: [{ slot: 1, daily_cap: 200 }],
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      ...change,
      sims: [
        { slot: 0, daily_cap: null },
        { slot: 1, daily_cap: 200 },
      ],
    });
    expect((await phone.api.get('/agent/jobs/next')).body.rate_limit_per_min).toBe(30);

    // A phone that tells of its SIMs again keeps their caps.
    await phone.api.post('/agent/heartbeat', { sims: [{ slot: 0 }, { slot: 1, carrier: 'Mobi' }] });
    expect((await agent(phone.agentId)).sims[1]).toMatchObject({ carrier: 'Mobi', daily_cap: 200 });

    const back = { rate_limit_per_min: null, daily_cap: null };
    await shop.admin.patch(`/admin/agents/${phone.agentId}`, back);
    expect(await agent(phone.agentId)).toMatchObject({ ...back, label: 'Desk', groups: ['otp', 'bulk'] });
  });

  it('keeps what an administrator set, whatever the phone tells', async () => {
    const told = [{ slot: 0, carrier: 'Viettel' }, { slot: 1 }];
    const phone = await registerPhone(gateway, { label: 'Factory name', sims: told });
    const set = { label: 'Desk', groups: ['desk'], rate_limit_per_min: 30, daily_cap: 500 };
    const sims = [
      { slot: 1, daily_cap: 5 },
      { slot: 1, daily_cap: 200 },
    ];
    expect((await shop.admin.patch(`/admin/agents/${phone.agentId}`, { ...set, sims })).status).toBe(200);
    const again = { device_id: phone.deviceId, label: 'Another name', sims: [{ slot: 1, carrier: 'Mobi' }] };
    const ways: (() => Promise<unknown>)[] = [
      () => phone.api.post('/agent/heartbeat', { sims: [] }),
      () => phone.api.post('/agent/heartbeat', { sims: [{ slot: 0 }] }),
      () => phone.api.post('/agent/register', { ...again, rotate_token: false }),
      () => phone.api.post('/agent/heartbeat', { sims: told }),
      () => gateway.api.post('/agent/register', again),
    ];
    for (const tell of ways) {
      await tell();
      expect(await agent(phone.agentId)).toMatchObject(set);
    }
    expect((await agent(phone.agentId)).sims).toMatchObject([
      { slot: 1, number: null, carrier: 'Mobi', daily_cap: 200 },
    ]);

    const back = { label: null, sims: [{ slot: 1, daily_cap: null }] };
    await shop.admin.patch(`/admin/agents/${phone.agentId}`, back);
    expect(await agent(phone.agentId)).toMatchObject({ label: 'Another name', sims: [{ slot: 1, daily_cap: null }] });
  });

  it('keeps a change that is made while a heartbeat or a registration is under way', async () => {
    const sims = [{ slot: 0 }, { slot: 1 }];
    const phone = await registerPhone(gateway, { sims });
    const again = { device_id: phone.deviceId, sims, rotate_token: false };
    for (const [path, body] of [
      ['/agent/heartbeat', { sims }],
      ['/agent/register', again],
    ] as const) {
      for (let cap = 1; cap <= 10; cap++) {
        const change = (slot: number) =>
          shop.admin.patch(`/admin/agents/${phone.agentId}`, { sims: [{ slot, daily_cap: cap }] });
        await Promise.all([phone.api.post(path, body), change(0), phone.api.post(path, body), change(1)]);
        const shown = (await agent(phone.agentId)).sims;
        expect(shown.map((sim: { daily_cap: number }) => sim.daily_cap)).toEqual([cap, cap]);
      }
    }
  });

  it.each([
    [{ groups: ['Upper Case'] }, 'groups.0'],
    [{ rate_limit_per_min: 0 }, 'rate_limit_per_min'],
    [{ daily_cap: -1 }, 'daily_cap'],
    [{ sims: [{ slot: 9, daily_cap: 1 }] }, 'sims.0.slot'],
    [{ device_id: 'another' }, 'device_id'],
    [{ is_active: false }, 'is_active'],
  ])('refuses the change %j', async (change, field) => {
    const before = await agent(shop.phone.agentId);
    const { status, body } = await shop.admin.patch(`/admin/agents/${shop.phone.agentId}`, change);
    expect(status).toBe(400);
    expect(body.details[0].field).toBe(field);
    expect(await agent(shop.phone.agentId)).toEqual(before);
  });

  it('counts what a phone has to do', async () => {
    const phone = await registerPhone(gateway);
    await submit({ ...shop, phone }, 3);
    await leasedIds(phone, 1);
    expect((await agent(phone.agentId)).open_messages).toEqual({ PENDING: 2, ASSIGNED: 1 });
  });

  it('unregisters: the token dies at once and nothing more is sent by it', async () => {
    const phone = await registerPhone(gateway);
    expect((await phone.api.get('/agent/jobs/next')).status).toBe(200);
    const answer = await shop.admin.post(`/admin/agents/${phone.agentId}/unregister`, { reason: 'stolen' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'ok',
      agent: { agent_id: phone.agentId, is_active: false, status: 'unregistered', unregister_reason: 'stolen' },
    });
    expect((await phone.api.get('/agent/jobs/next')).status).toBe(401);
    expect((await phone.api.post('/agent/heartbeat', {})).status).toBe(401);
    expect((await phone.api.post('/agent/messages/report', { messages: [] })).status).toBe(401);
    expect(await agent(phone.agentId)).toMatchObject({ status: 'unregistered', online: false });

    const refused = await shop.client.post('/requests', {
      template_id: shop.templateId,
      agent_id: phone.agentId,
      messages: [{ to: '+84901230000', variables: { CODE: '1' } }],
    });
    expect(refused.body.message).toMatch(/Agent not found or inactive/);
  });

  it('takes an empty body to unregister, and a second time', async () => {
    const phone = await registerPhone(gateway);
    for (let time = 0; time < 2; time++) {
      expect((await shop.admin.post(`/admin/agents/${phone.agentId}/unregister`)).status).toBe(200);
    }
  });

  it('answers 404 for another tenant’s phone and for none', async () => {
    const theirs = other.phone.agentId;
    for (const id of [theirs, 'agt_00000000000000000000000000', 'nonsense']) {
      const answers = await Promise.all([
        shop.admin.get(`/admin/agents/${id}`),
        shop.admin.patch(`/admin/agents/${id}`, { label: 'mine' }),
        shop.admin.post(`/admin/agents/${id}/unregister`),
        shop.admin.post(`/admin/agents/${id}/reassign`, { route: 'group:otp' }),
      ]);
      for (const { status, body } of answers)
        expect({ status, code: body.code }).toEqual({ status: 404, code: 'agent_not_found' });
    }
    expect((await other.admin.get(`/admin/agents/${theirs}`)).body).toMatchObject({ is_active: true, label: null });
  });

  it('is not for clients and phones', async () => {
    expect((await shop.client.get('/admin/agents')).status).toBe(403);
    expect((await shop.phone.api.get('/admin/agents')).status).toBe(403);
    expect((await gateway.api.get('/admin/agents')).status).toBe(401);
  });
});
