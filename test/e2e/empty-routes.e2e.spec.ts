import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { csvOf, importCsv, importForm, worked } from '../support/csv.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, messagesTo, usedToday } from '../support/sending.js';
import { openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { leasedIds, submit } from '../support/traffic.js';

describe('a group without any active phone', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let groups = 0;
  /** Of its own for each test. */
  let group: string;
  let route: string;

  const join = async (phone: Phone, ...names: string[]) =>
    must(200, await shop.admin.patch(`/admin/agents/${phone.agentId}`, { groups: names }));
  const member = async () => {
    const phone = await registerPhone(gateway);
    await join(phone, group);
    return phone;
  };
  const request = (extra: object = {}) => ({
    template_id: shop.templateId,
    route,
    messages: messagesTo(2, group),
    ...extra,
  });
  const stored = () =>
    Promise.all(
      ['sms_requests', 'sms_messages', 'fingerprints', 'imports', 'import_chunks'].map((name) =>
        gateway.store.collection(name).count({}),
      ),
    );

  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '100000' });
    shop = await openShop(gateway);
  });
  beforeEach(() => {
    group = `group-${++groups}`;
    route = `group:${group}`;
  });
  afterAll(() => gateway.stop());

  it('gets no messages: the request is refused whole, and its key stands for nothing', async () => {
    const [before, used] = [await stored(), await usedToday(gateway, shop.keyId)];
    const key = { 'idempotency-key': group };
    for (let i = 0; i < 2; i++) {
      expectError(await shop.client.post('/requests', request(), key), 409, 'route_without_phone', 'route');
    }
    expect([await stored(), await usedToday(gateway, shop.keyId)]).toEqual([before, used]);
    await member();
    must(201, await shop.client.post('/requests', request(), key));
  });

  it('is one whose phones have left it, were unregistered, or are another tenant’s', async () => {
    const [left, gone] = [await member(), await member()];
    await accept(shop.client, request());
    await join(left, 'elsewhere');
    await accept(shop.client, request({ messages: messagesTo(2, `${group} again`) }));
    must(200, await shop.admin.post(`/admin/agents/${gone.agentId}/unregister`));
    const other = await openTenantShop(gateway, group);
    must(200, await other.admin.patch(`/admin/agents/${other.phone.agentId}`, { groups: [group] }));
    expectError(await shop.client.post('/requests', request()), 409, 'route_without_phone', 'route');
    await gateway.api.post('/agent/register', { device_id: gone.deviceId });
    await accept(shop.client, request({ messages: messagesTo(2, `${group} back`) }));
  });

  it('gets messages that wait for a phone when the request says so', async () => {
    expect(await accept(shop.client, request({ allow_empty_route: true }))).toMatchObject({ phones_online: 0 });
    expect(await leasedIds(await member())).toHaveLength(2);
    const wrong = await shop.client.post('/requests', request({ allow_empty_route: 'yes' }));
    expectError(wrong, 400, 'invalid_request', 'allow_empty_route');
  });

  it('gets no import, in the query or in the form, unless its parameters say so', async () => {
    const parameters = { template_id: shop.templateId, route };
    for (const [from, send] of [importCsv, importForm].entries()) {
      const csv = csvOf(2, 1000 + 2 * from);
      const before = await stored();
      const ways: Record<string, string>[] = [{}, { dry_run: 'true' }, { allow_empty_route: 'false' }];
      for (const extra of ways) {
        expectError(await send(shop.client, csv, { ...parameters, ...extra }), 409, 'route_without_phone', 'route');
      }
      expect(await stored()).toEqual(before);
      const allowed = await send(shop.client, csv, { ...parameters, allow_empty_route: 'true' });
      expect(await worked(gateway, shop.client, allowed)).toMatchObject({ status: 'done', total_created: 2 });
    }
    expect(await leasedIds(await member())).toHaveLength(4);
  });

  it('gets nothing that is sent again, unless that is asked for', async () => {
    const [id] = await submit(shop);
    await leasedIds(shop.phone);
    await report(shop.phone, id!, 'FAILED');
    const path = `/messages/${id}/resend`;
    expectError(await shop.client.post(path, { route }), 409, 'route_without_phone', 'route');
    const answer = must(201, await shop.client.post(path, { route, allow_empty_route: true }));
    expect(answer).toMatchObject({ route, phones_online: 0, resend_of: id });
    expect(await leasedIds(await member())).toHaveLength(1);
  });

  it('is none as soon as a phone has joined it at another gateway', async () => {
    if (!gateway.usesMongo) return; // the embedded store has one gateway
    const beside = await gateway.beside();
    try {
      expectError(await shop.client.post('/requests', request()), 409, 'route_without_phone', 'route');
      const phone = await registerPhone(beside);
      const admin = await beside.admin();
      must(200, await admin.patch(`/admin/agents/${phone.agentId}`, { groups: [group] }));
      await accept(shop.client, request());
    } finally {
      await beside.stop();
    }
  });
});

describe('an accepted request', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let texts = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '100000' });
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  const send = async (to: object, key = {}) =>
    must(
      201,
      await shop.client.post(
        '/requests',
        { template_id: shop.templateId, messages: messagesTo(1, `text ${++texts}`), ...to },
        key,
      ),
    );

  it('says how many phones of its route are online', async () => {
    const phones = [await registerPhone(gateway), await registerPhone(gateway), await registerPhone(gateway)];
    for (const { agentId } of phones)
      must(200, await shop.admin.patch(`/admin/agents/${agentId}`, { groups: ['shop', 'all'] }));
    const online = async () => (await send({ route: 'group:shop' })).phones_online;
    const alone = async () => (await send({ agent_id: phones[0]!.agentId })).phones_online;
    expect([await online(), await alone()]).toEqual([3, 1]);
    await phones[0]!.api.post('/agent/heartbeat', { status: 'offline' });
    expect([await online(), await alone()]).toEqual([2, 0]);
    await phones[0]!.api.get('/agent/jobs/next');
    expect([await online(), await alone()]).toEqual([3, 1]);
    gateway.clock.advance(91);
    expect([await online(), await alone()]).toEqual([0, 0]);
    await phones[1]!.api.post('/agent/heartbeat', {});
    expect(await online()).toBe(1);
    await shop.admin.patch(`/admin/agents/${phones[1]!.agentId}`, { groups: [] });
    expect(await online()).toBe(0);
  });

  it('says it again under its Idempotency-Key, whoever is online by then', async () => {
    const key = { 'idempotency-key': 'once' };
    const body = { agent_id: shop.phone.agentId, messages: messagesTo(1, 'once') };
    await shop.phone.api.post('/agent/heartbeat', {});
    const first = await send(body, key);
    expect(first.phones_online).toBe(1);
    await shop.phone.api.post('/agent/heartbeat', { status: 'offline' });
    expect(await send(body, key)).toEqual(first);
    expect((await shop.client.get(`/requests/${first.request_id}`)).body.phones_online).toBe(1);
  });
});
