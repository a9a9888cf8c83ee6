import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, messagesOf, messagesTo, statusOf } from '../support/sending.js';
import { openShop, registerPhone, type Shop } from '../support/shop.js';

const LEASE = 300;
const APP = 'Dalvik/2.1.0 (Linux; U; Android 13) medic.gateway.alert.generic/1.7.2';

describe('a phone with the CHT Gateway app', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let admin: Api;
  beforeAll(async () => {
    const env = { PUBLIC_URL: 'https://sms.example.com/sms', JWT_ACCESS_MINUTES: '1000000' };
    gateway = await TestGateway.start({ ...env, LEASE_SECONDS: String(LEASE) });
    shop = await openShop(gateway);
    admin = shop.admin;
  });
  afterAll(() => gateway.stop());

  const create = async (group: string) => {
    const { agent_id: id, url } = must(201, await admin.post('/admin/agents/cht', { group, label: 'Clinic' }));
    const { username, password } = new URL(url);
    const api = gateway.api.withBasic(username, password).as({ 'user-agent': APP });
    return { id: id as string, url: url as string, token: password, api };
  };
  const send = async (group: string, count = 1, extra: object = {}) => {
    const body = { template_id: shop.templateId, route: `group:${group}`, messages: messagesTo(count, group) };
    const { request_id } = await accept(shop.client, { ...body, ...extra });
    return (await messagesOf(shop.client, request_id)).map(({ message_id }) => message_id as string);
  };
  const poll = async (api: Api, told: object = {}) => must(200, await api.post('/cht', told)).messages as any[];
  const tell = (api: Api, id: string, status: string, reason?: string) =>
    poll(api, { updates: [{ id, status, reason }] });
  const shown = async (id: string) => must(200, await shop.client.get(`/messages/${id}`));
  const cancel = (id: string) => shop.client.post(`/messages/${id}/cancel`);
  const idsOf = (served: any[]) => served.map(({ id }) => id);
  const leaseRunsOut = async () => {
    gateway.clock.advance(LEASE + 1);
    await gateway.get(QueueWorker).run();
  };

  it('is created with an address to enter, and sends from the first poll to the receipt', async () => {
    const { id, url, api } = await create('way');
    expect(url).toMatch(/^https:\/\/agt_\w+:tla_[\w-]+@sms\.example\.com\/sms\/cht$/);
    const fresh = must(200, await admin.get(`/admin/agents/${id}`));
    expect(fresh).toMatchObject({ app: 'cht', label: 'Clinic', groups: ['way'], online: false, last_seen_at: null });
    expect(must(200, await api.get('/cht'))).toEqual({ 'medic-gateway': true });
    const [messageId] = await send('way');
    expect(await poll(api)).toEqual([{ id: messageId, to: expect.stringMatching(/^\+84/), content: 'Ma OTP way' }]);
    expect(must(200, await admin.get(`/admin/agents/${id}`))).toMatchObject({ online: true, app_version: '1.7.2' });
    for (const [word, status] of [
      ['UNSENT', 'SENDING'],
      ['PENDING', 'SENDING'],
      ['SENT', 'SENT'],
      ['DELIVERED', 'DELIVERED'],
    ] as const) {
      expect(await tell(api, messageId!, word)).toEqual([]);
      expect(await statusOf(shop.client, messageId!)).toBe(status);
    }
    const { items } = must(200, await admin.get('/admin/audit-logs?action=REGISTER_AGENT'));
    expect(items).toContainEqual(expect.objectContaining({ actor_type: 'USER' }));
  });

  it('is given a text again under its id until it has told of it, and no other phone is', async () => {
    const [one, two] = [await create('again'), await create('again')];
    const [messageId] = await send('again');
    const first = await poll(one.api);
    expect(await poll(one.api)).toEqual(first);
    expect(await shown(messageId!)).toMatchObject({ status: 'ASSIGNED', attempts: 1, agent_id: one.id });
    await leaseRunsOut();
    expect(await poll(two.api)).toEqual([]);
    expect(await poll(one.api)).toEqual(first);
    expect(await tell(one.api, messageId!, 'UNSENT')).toEqual([]);
    await leaseRunsOut();
    expect([await poll(one.api), await poll(two.api)]).toEqual([[], []]);
  });

  it('takes over what an app of another kind has certainly not sent, under another id', async () => {
    const { code } = must(201, await admin.post('/admin/agents/registration-codes', { group: 'mixed' }));
    const joining = gateway.api.as({ authorization: `Code ${code}` });
    const { token } = must(201, await joining.post('/api/mobile/v1/device', { name: 'x' }));
    const other = gateway.api.withToken(token);
    const [messageId] = await send('mixed');
    must(200, await other.get('/api/mobile/v1/message'));
    const recipients = [{ phoneNumber: '+84', state: 'Failed', error: 'TTL expired' }];
    await other.patch('/api/mobile/v1/message', [{ id: messageId, state: 'Failed', recipients }]);
    const { api } = await create('mixed');
    expect(idsOf(await poll(api))).toEqual([`${messageId}-1`]);
    await tell(api, `${messageId}-1`, 'SENT');
    expect(await statusOf(shop.client, messageId!)).toBe('SENT');
  });

  it('tells in any order, of what nobody knows, and what nobody understands', async () => {
    const { api, id } = await create('order');
    const [skipped, failed, undelivered] = await send('order', 3);
    expect(await poll(api)).toHaveLength(3);
    const bad = [
      null,
      7,
      [],
      { id: 5, status: 'SENT' },
      { id: failed, status: 'LOST' },
      { id: 'nobody', status: 'SENT' },
    ];
    const updates = [
      ...bad,
      { id: skipped, status: 'DELIVERED' },
      { id: skipped, status: 'SENT' },
      { id: skipped, status: 'PENDING' },
      { id: failed, status: 'FAILED', reason: 'radio-off' },
      { id: undelivered, status: 'SENT' },
      { id: undelivered, status: 'FAILED', reason: 'generic; errorCode=38' },
    ];
    expect(await poll(api, { updates, messages: null, unknown: 1 })).toEqual([]);
    expect(await statusOf(shop.client, skipped!)).toBe('DELIVERED');
    expect(await shown(failed!)).toMatchObject({ status: 'FAILED', last_error: 'radio-off' });
    expect(await shown(undelivered!)).toMatchObject({ status: 'SENT', delivery: { outcome: 'undelivered' } });
    const theirs = await create('order-others');
    const [foreign] = await send('order-others');
    await poll(theirs.api);
    await tell(api, foreign!, 'SENT');
    expect(await shown(foreign!)).toMatchObject({ status: 'ASSIGNED', agent_id: theirs.id });
    expect(theirs.id).not.toBe(id);
  });

  it('uploads what it received, each text once, and what can’t be read keeps nothing else out', async () => {
    const { api, id } = await create('received');
    const good = { id: 'u1', from: '0901234567', content: 'Vâng ạ', sms_sent: 1, sms_received: 1_763_719_200_000 };
    const old = { ...good, id: 'u2', content: 'older', sms_sent: 1_763_719_100_000, sms_received: 0 };
    const bad = [null, 'x', { ...good, from: ' ' }, { ...good, content: null }];
    const timeless = { ...good, id: 'u3', content: 'timeless', sms_sent: 0, sms_received: 9e15 };
    const messages = [...bad, good, old, timeless];
    expect(await poll(api, { messages })).toEqual([]);
    expect(await poll(api, { messages, updates: [] })).toEqual([]);
    const { items } = must(200, await admin.get(`/inbound-messages?agent_id=${id}`));
    expect(items).toHaveLength(3);
    expect(items).toContainEqual(
      expect.objectContaining({ text: 'timeless', received_at: gateway.clock.now().toISOString() }),
    );
    expect(items).toContainEqual(
      expect.objectContaining({
        from: '+84901234567',
        text: 'Vâng ạ',
        received_at: '2025-11-21T10:00:00.000Z',
        external_id: 'u1',
      }),
    );
    expect((await api.post('/cht', { messages: 5 })).status).toBe(400);
  });

  it('is never answered with an error for what a text contains', async () => {
    const { api, id } = await create('odd');
    const sms_received = 1_763_719_200_000;
    const odd = [
      'a\0b',
      'a\ud800b',
      '\ufeff',
      '__proto__',
      '💥'.repeat(300),
      '$ne',
      'x'.repeat(30_000),
      '-1',
      'msg_1-999999999',
    ];
    const messages = odd.map((text) => ({ id: text, from: text, content: text, sms_received }));
    const updates = odd.map((text) => ({ id: text, status: text, reason: text }));
    const sent = odd.map((text) => ({ id: text, status: 'FAILED', reason: text }));
    expect(
      await poll(api, { messages: [...messages, { id: {}, from: '7777', content: '', sms_received }], updates }),
    ).toEqual([]);
    expect(await poll(api, { updates: sent })).toEqual([]);
    const { items } = must(200, await admin.get(`/inbound-messages?agent_id=${id}`));
    expect(items.map(({ from }: any) => from)).toEqual(expect.arrayContaining(['7777', '__proto__', '$ne']));
    expect(items.map(({ text }: any) => text)).toContain('a\ufffdb');
  });

  describe('whose text is canceled', () => {
    it('is not given it any more, and has it taken when it never told of it', async () => {
      const { api } = await create('recall');
      const [messageId] = await send('recall');
      await poll(api);
      expect(must(200, await cancel(messageId!))).toMatchObject({
        status: 'ASSIGNED',
        recall_asked_at: expect.any(String),
      });
      expect(await poll(api)).toEqual([]);
      expect(await statusOf(shop.client, messageId!)).toBe('ASSIGNED');
      await leaseRunsOut();
      expect(await poll(api)).toEqual([]);
      expect(await shown(messageId!)).toMatchObject({ status: 'CANCELED', last_error: 'CANCELED_BY_CLIENT' });
    });

    it('tells the truth when it has it', async () => {
      const { api } = await create('faster');
      const [messageId] = await send('faster');
      await poll(api);
      must(200, await cancel(messageId!));
      await tell(api, messageId!, 'UNSENT');
      expect(await statusOf(shop.client, messageId!)).toBe('SENDING');
      expect((await cancel(messageId!)).status).toBe(409);
      await tell(api, messageId!, 'SENT');
      expect(await statusOf(shop.client, messageId!)).toBe('SENT');
    });
  });

  it('is given ten at once, nothing while it has more to tell, and in five minutes fifty', async () => {
    const { api } = await create('pace');
    await send('pace', 55, { priority: 'HIGH' });
    const load = Array.from({ length: 20 }, () => ({ id: 'nobody', status: 'SENT' }));
    expect(await poll(api, { updates: load })).toEqual([]);
    const given: number[] = [];
    for (let told: object[] = [], i = 0; i < 6; i++) {
      const ids = idsOf(await poll(api, { updates: told }));
      told = ids.map((id) => ({ id, status: 'SENT' }));
      given.push(ids.length);
    }
    expect(given).toEqual([10, 10, 10, 10, 10, 0]);
    gateway.clock.advance(2 * LEASE);
    expect(await poll(api)).toHaveLength(5);
  });

  it('is let in by its own address alone, until it is unregistered', async () => {
    const [one, two] = [await create('doors'), await create('doors')];
    const own = await registerPhone(gateway);
    const refused: [Api, number][] = [
      [gateway.api, 401],
      [gateway.api.withBasic(one.id, 'tla_wrong'), 401],
      [gateway.api.withBasic(one.id, two.token), 401],
      [gateway.api.withBasic('admin', 'wrong-password-1'), 401],
      [gateway.api.withBasic('admin', 'correct-horse-battery'), 403],
      [gateway.api.withBasic(own.agentId, own.token), 401],
      [own.api, 409],
    ];
    for (const [api, status] of refused) {
      const answer = await api.post('/cht', {});
      expect([answer.status, answer.body]).toEqual([status, { error: true, message: expect.any(String) }]);
    }
    expect((await gateway.api.withBasic(one.id, one.token).get('/agent/jobs/next')).status).toBe(401);
    expect((await shop.client.post('/admin/agents/cht')).status).toBe(403);
    must(200, await one.api.get('/cht'));
    must(200, await admin.post(`/admin/agents/${one.id}/unregister`));
    expect([(await one.api.get('/cht')).status, (await one.api.post('/cht', {})).status]).toEqual([401, 401]);
    must(200, await two.api.get('/cht'));
  });
});
