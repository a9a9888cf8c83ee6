import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, messagesTo, messagesOf, sendOne, statusOf } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';

const PUBLIC_URL = 'https://sms.example.com/sms';
const MOBILE = '/api/mobile/v1';
const LEASE = 300;

/** The app's protocol, call by call; `test/fakes/smsgate-app` behaves as the app does. */
describe('a phone with the SMSGate app', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let admin: Api;
  beforeAll(async () => {
    const env = { PUBLIC_URL, JWT_ACCESS_MINUTES: '1000000', LEASE_SECONDS: String(LEASE) };
    gateway = await TestGateway.start({ ...env, AGENT_REGISTRATION_SECRET: '' });
    shop = await openShop(gateway);
    admin = shop.admin;
  });
  afterAll(() => gateway.stop());

  const join = async (group: string, simCards: object[] = []) => {
    const { code } = must(201, await admin.post('/admin/agents/registration-codes', { group, label: 'Counter' }));
    const as = gateway.api.as({ authorization: `Code ${code}`, 'user-agent': 'me.capcom.smsgateway/1.60.0' });
    const { id, token } = must(201, await as.post(`${MOBILE}/device`, { name: 'samsung/a54x', simCards }));
    return { id: id as string, api: gateway.api.withToken(token) };
  };
  const send = async (group: string, count = 1, extra: object = {}) => {
    const body = { template_id: shop.templateId, route: `group:${group}`, messages: messagesTo(count, group) };
    const { request_id } = await accept(shop.client, { ...body, ...extra });
    return (await messagesOf(shop.client, request_id)).map(({ message_id }) => message_id as string);
  };
  const pull = async (api: Api, query = '') => must(200, await api.get(`${MOBILE}/message${query}`));
  const report = (api: Api, id: string, state: string, error?: string) =>
    api.patch(`${MOBILE}/message`, [
      { id, state, recipients: [{ phoneNumber: '+8490', state, ...(error ? { error } : {}) }], states: {} },
    ]);
  const cancel = (id: string) => shop.client.post(`/messages/${id}/cancel`);

  it('registers by a one-time code, once, and is shown with its app, SIMs and group', async () => {
    const body = { label: 'Counter 1', group: 'codes' };
    const invited = must(201, await admin.post('/admin/agents/registration-codes', body));
    expect(invited).toMatchObject({
      code: expect.stringMatching(/^\d{6}$/),
      server_url: `${PUBLIC_URL}${MOBILE}`,
      join_url: `${PUBLIC_URL}/phones/join/${invited.code}`,
      qr_png_url: expect.stringMatching(/^data:image\/png;base64,iVBORw0KGgo/),
      qr_svg: expect.stringContaining('<svg'),
    });
    const page = await fetch(`${gateway.url}/phones/join/${invited.code}`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(`${PUBLIC_URL}${MOBILE}`)]);
    const coded = gateway.api.as({
      authorization: `Code ${invited.code}`,
      'user-agent': 'me.capcom.smsgateway/1.60.0',
    });
    const simCards = [{ slotIndex: 1, simNumber: 2, phoneNumber: '*******4321', carrierName: 'Viettel' }];
    const { id, token, login } = must(201, await coded.post(`${MOBILE}/device`, { name: 'samsung/a54x', simCards }));
    expect((await coded.post(`${MOBILE}/device`, { name: 'samsung/a54x' })).status).toBe(403);
    expect(login).toBe(id);
    const sims = [{ slot: 1, number: null, carrier: 'Viettel' }];
    const shown = must(200, await admin.get(`/admin/agents/${id}`));
    expect(shown).toMatchObject({ app: 'smsgate', label: 'Counter 1', groups: ['codes'], app_version: '1.60.0', sims });
    const api = gateway.api.withToken(token);
    expect(must(200, await api.get(`${MOBILE}/device`))).toMatchObject({ device: { id, name: 'samsung/a54x' } });
    expect((await gateway.api.withToken('tla_wrong').get(`${MOBILE}/device`)).status).toBe(401);
    expect(must(200, await gateway.api.get(`${MOBILE}/device`))).toEqual({ externalIp: '127.0.0.1' });
    must(200, await admin.post(`/admin/agents/${id}/unregister`));
    expect((await api.patch(`${MOBILE}/device`, { id, simCards })).status).toBe(401);
  });

  it('is refused with a code that is wrong or too old, with a secret of nobody, or a wrong password', async () => {
    const { code } = must(201, await admin.post('/admin/agents/registration-codes'));
    gateway.clock.advance(601);
    for (const ticket of [`Code ${code}`, 'Code 12', 'Bearer not-the-secret']) {
      const answer = await gateway.api.as({ authorization: ticket }).post(`${MOBILE}/device`, { name: 'x' });
      expect([answer.status, answer.body.message]).toEqual([403, expect.any(String)]);
    }
    const basic = gateway.api.withBasic('admin', 'wrong-password-1');
    expect((await basic.post(`${MOBILE}/device`, { name: 'x' })).status).toBe(401);
  });

  it('registers by its tenant’s secret, and two tenants can’t have the same', async () => {
    const secret = 'a-long-secret-of-this-shop';
    const other = must(201, await admin.post('/admin/tenants', { slug: 'other', name: 'Other' }));
    const there = admin.as({ 'x-tenant': 'other' });
    must(200, await there.put('/admin/agent/registration-secret', { registration_secret: secret }));
    const taken = await admin.put('/admin/agent/registration-secret', { registration_secret: secret });
    expect([taken.status, taken.body.code]).toEqual([409, 'secret_taken']);
    const { id } = must(201, await gateway.api.withToken(secret).post(`${MOBILE}/device`, { name: 'pixel' }));
    expect(must(200, await there.get(`/admin/agents/${id}`))).toMatchObject({ app: 'smsgate', label: 'pixel' });
    expect((await admin.get(`/admin/agents/${id}`)).status).toBe(404);
    expect(other.slug).toBe('other');
    const named = gateway.api.withBasic('admin', 'correct-horse-battery');
    const mine = must(201, await named.post(`${MOBILE}/device`, { name: 'by-password' }));
    must(200, await admin.get(`/admin/agents/${mine.id}`));
  });

  it('is given each message again under its id until it has told something, at no attempt', async () => {
    const { api, id } = await join('again', [{ slotIndex: 0 }]);
    const [messageId] = await send('again', 1, { priority: 'HIGH' });
    const [first] = await pull(api);
    expect(first).toMatchObject({
      id: messageId,
      message: 'Ma OTP again',
      textMessage: { text: 'Ma OTP again' },
      phoneNumbers: [expect.stringMatching(/^\+84/)],
      state: 'Pending',
      priority: 90,
      validUntil: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    });
    expect(await pull(api)).toEqual([first]);
    const lease = must(200, await shop.client.get(`/messages/${messageId}`));
    expect(lease).toMatchObject({ status: 'ASSIGNED', attempts: 1, agent_id: id });
    expect((await report(api, messageId!, 'Pending')).status).toBe(204);
    expect(await pull(api)).toHaveLength(1);
    for (const [state, status] of [
      ['Processed', 'SENDING'],
      ['Sent', 'SENT'],
      ['Delivered', 'DELIVERED'],
    ] as const) {
      expect((await report(api, messageId!, state)).status).toBe(204);
      expect(await statusOf(shop.client, messageId!)).toBe(status);
    }
    expect(await pull(api)).toEqual([]);
  });

  it('reports in any order, what nobody knows, and what nobody understands', async () => {
    const { api } = await join('order');
    const [skipped, failed, late] = await send('order', 3);
    expect((await pull(api, '?order=lifo')).map(({ id }: any) => id)).toEqual([late, failed, skipped]);
    const bad = [null, 7, { id: 5 }, { id: 'msg_unknown', state: 'Sent' }, { id: skipped, state: 'Delivered' }];
    expect((await api.patch(`${MOBILE}/message`, bad)).status).toBe(204);
    expect(await statusOf(shop.client, skipped!)).toBe('DELIVERED');
    await report(api, failed!, 'Failed', 'RESULT_ERROR_NO_SERVICE');
    const shown = must(200, await shop.client.get(`/messages/${failed}`));
    expect(shown).toMatchObject({ status: 'FAILED', last_error: 'RESULT_ERROR_NO_SERVICE' });
    await report(api, late!, 'Sent');
    await report(api, late!, 'Failed', 'RESULT_ERROR_GENERIC_FAILURE');
    const undelivered = must(200, await shop.client.get(`/messages/${late}`));
    expect(undelivered).toMatchObject({ status: 'SENT', delivery: { outcome: 'undelivered' } });
  });

  it('keeps for itself what it may have sent, and lets go of what it certainly has not', async () => {
    const [one, two] = [await join('pair'), await join('pair')];
    const [messageId] = await send('pair');
    await pull(one.api);
    gateway.clock.advance(LEASE + 1);
    await gateway.get(QueueWorker).run();
    expect(await pull(two.api)).toEqual([]);
    expect(await pull(one.api)).toMatchObject([{ id: messageId }]);
    gateway.clock.advance(LEASE + 1);
    await report(one.api, messageId!, 'Failed', 'TTL expired');
    expect(await pull(two.api)).toMatchObject([{ id: `${messageId}-1` }]);
    // The old id's report comes once more, from a phone that is no longer at it.
    await report(one.api, messageId!, 'Failed', 'TTL expired');
    expect(await statusOf(shop.client, messageId!)).toBe('ASSIGNED');
    await report(two.api, `${messageId}-1`, 'Sent');
    expect(await statusOf(shop.client, messageId!)).toBe('SENT');
  });

  it('takes nothing of a new id by a report of the old one', async () => {
    const { api } = await join('ids');
    const [messageId] = await send('ids');
    await pull(api);
    await report(api, messageId!, 'Failed', 'TTL expired');
    expect(await pull(api)).toMatchObject([{ id: `${messageId}-1` }]);
    await report(api, messageId!, 'Failed', 'TTL expired');
    expect(await pull(api)).toMatchObject([{ id: `${messageId}-1` }]);
    await report(api, `${messageId}-1`, 'Sent');
    expect(await statusOf(shop.client, messageId!)).toBe('SENT');
  });

  describe('that is asked to take a message back', () => {
    it('ends it by its confirmation', async () => {
      const { api } = await join('recall');
      const [messageId, other] = await send('recall', 2);
      await pull(api);
      const canceling = must(200, await cancel(messageId!));
      expect(canceling).toMatchObject({ status: 'ASSIGNED', recall_asked_at: expect.any(String) });
      must(200, await cancel(messageId!));
      const served = await pull(api);
      expect(served.map(({ id, state }: any) => [id, state]).sort()).toEqual(
        [
          [messageId, 'Cancelling'],
          [other, 'Pending'],
        ].sort(),
      );
      await report(api, other!, 'Cancelled');
      await report(api, messageId!, 'Cancelled');
      expect(await statusOf(shop.client, other!)).toBe('ASSIGNED');
      const shown = must(200, await shop.client.get(`/messages/${messageId}`));
      expect(shown).toMatchObject({ status: 'CANCELED', last_error: 'CANCELED_BY_CLIENT' });
      expect(shown.history.map(({ event }: any) => event)).toEqual(['accepted', 'leased', 'recalled', 'moved']);
    });

    it('tells the truth when it was faster', async () => {
      const { api } = await join('faster');
      const [messageId] = await send('faster');
      await pull(api);
      must(200, await cancel(messageId!));
      await report(api, messageId!, 'Sent');
      await report(api, messageId!, 'Cancelled');
      expect(await statusOf(shop.client, messageId!)).toBe('SENT');
      expect((await cancel(messageId!)).status).toBe(409);
    });

    it('has it taken from it when it certainly did not send it', async () => {
      const { api } = await join('expired');
      const [messageId] = await send('expired');
      await pull(api);
      must(200, await cancel(messageId!));
      await report(api, messageId!, 'Failed', 'TTL expired');
      expect(await statusOf(shop.client, messageId!)).toBe('CANCELED');
      expect(await pull(api)).toEqual([]);
    });

    it('has it taken with a whole request', async () => {
      const { api } = await join('whole');
      const { request_id } = await accept(shop.client, {
        template_id: shop.templateId,
        route: 'group:whole',
        messages: messagesTo(2, 'whole'),
      });
      await pull(api);
      must(200, await shop.client.post(`/requests/${request_id}/cancel`));
      expect((await pull(api)).map(({ state }: any) => state)).toEqual(['Cancelling', 'Cancelling']);
    });
  });

  it('is the only one that is served here, and is served nothing elsewhere: a text could leave twice', async () => {
    const ours = shop.phone;
    const refused = async (phone: Api, method: string, path: string, body?: unknown) => {
      const answer = await phone.call(method, path, body);
      expect({ path, status: answer.status, code: answer.body.code }).toEqual({ path, status: 409, code: 'wrong_app' });
    };
    const { message_id } = await sendOne(shop, 'ours');
    for (const path of ['message', 'settings', 'webhooks', 'events'])
      await refused(ours.api, 'GET', `${MOBILE}/${path}`);
    await refused(ours.api, 'PATCH', `${MOBILE}/message`, [{ id: message_id, state: 'Sent' }]);
    await refused(ours.api, 'PATCH', `${MOBILE}/device`, { simCards: [] });
    expect(await statusOf(shop.client, message_id)).toBe('PENDING');
    const { api } = await join('elsewhere');
    const [own] = await send('elsewhere');
    await refused(api, 'GET', '/agent/jobs/next');
    await refused(api, 'POST', '/agent/messages/report', { messages: [{ message_id: own, status: 'SENT' }] });
    expect((await api.post('/cht', {})).status).toBe(409);
    expect(await statusOf(shop.client, own!)).toBe('PENDING');
    must(200, await api.post('/agent/heartbeat', { battery_level: 50 }));
  });

  describe('is told to post what it receives', () => {
    let api: Api;
    let key: string;
    let deviceId: string;
    beforeAll(async () => {
      ({ api, id: deviceId } = await join('received'));
      key = must(200, await api.get(`${MOBILE}/settings`)).webhooks.signing_key;
    });
    const post = (event: string, payload: object, { timestamp = '1763712000', signedBy = key, space = '' } = {}) => {
      const body = `${space}${JSON.stringify({ id: 'p1', webhookId: 'received', event, deviceId, payload })}`;
      const signature = createHmac('sha256', signedBy)
        .update(body + timestamp)
        .digest('hex');
      return gateway.api
        .as({ 'x-timestamp': timestamp, 'x-signature': signature, 'content-type': 'application/json; charset=utf-8' })
        .post(`${MOBILE}/received`, body);
    };
    const text = (extra: object = {}) => ({
      messageId: 'a1b2c3',
      phoneNumber: '0901234567',
      sender: '+84901234567',
      message: 'Vâng ạ & <cảm ơn>',
      simNumber: 2,
      receivedAt: '2026-11-21T17:00:00.000+07:00',
      ...extra,
    });

    it('by settings that wake it without Firebase, and webhooks of its own gateway', async () => {
      expect(key.length).toBeGreaterThanOrEqual(16);
      const settings = must(200, await api.get(`${MOBILE}/settings`));
      expect(settings).toMatchObject({ gateway: { notification_channel: 'SSE_ONLY' }, ping: { interval_seconds: 60 } });
      expect(settings.gateway).not.toHaveProperty('cloud_url');
      const hooks = must(200, await api.get(`${MOBILE}/webhooks`));
      expect(hooks.map(({ event, url }: any) => [event, url])).toEqual([
        ['sms:received', `${PUBLIC_URL}${MOBILE}/received`],
        ['system:ping', `${PUBLIC_URL}${MOBILE}/received`],
      ]);
    });

    it('each text once', async () => {
      must(200, await post('sms:received', text()));
      must(200, await post('sms:received', text(), { timestamp: '1763712060' }));
      const { items } = must(200, await admin.get(`/inbound-messages?agent_id=${deviceId}`));
      expect(items).toMatchObject([
        {
          from: '+84901234567',
          text: 'Vâng ạ & <cảm ơn>',
          sim_slot: 1,
          received_at: '2026-11-21T10:00:00.000Z',
          external_id: 'a1b2c3',
        },
      ]);
    });

    it('signed over the body as it came, and with its own key', async () => {
      must(200, await post('sms:received', text({ messageId: 'x', message: 'spaced' }), { space: ' ' }));
      expect(
        (await post('sms:received', text({ message: 'forged' }), { signedBy: 'another-key-0123456' })).status,
      ).toBe(401);
      const unsigned = await gateway.api.post(`${MOBILE}/received`, {
        event: 'sms:received',
        deviceId,
        payload: text(),
      });
      expect(unsigned.status).toBe(401);
      const { items } = must(200, await admin.get(`/inbound-messages?agent_id=${deviceId}`));
      expect(items.map(({ text }: any) => text)).not.toContain('forged');
    });

    it('also with a NUL, which anybody can send: else the phone would repeat it for ever', async () => {
      must(200, await post('sms:received', text({ messageId: 'nul', message: 'a\u0000b' })));
      const { items } = must(200, await admin.get(`/inbound-messages?agent_id=${deviceId}`));
      expect(items.map(({ text }: any) => text)).toContain('a\ufffdb');
    });

    it('with a sender and a text, but without a time if need be', async () => {
      for (const bad of [{ sender: null, phoneNumber: null }, { message: null }])
        expect((await post('sms:received', text(bad))).status).toBe(400);
      for (const receivedAt of ['yesterday', 7, null])
        must(200, await post('sms:received', text({ message: `at ${receivedAt}`, receivedAt })));
      const { items } = must(200, await admin.get(`/inbound-messages?agent_id=${deviceId}`));
      for (const receivedAt of ['yesterday', 7, null])
        expect(items).toContainEqual(
          expect.objectContaining({ text: `at ${receivedAt}`, received_at: gateway.clock.now().toISOString() }),
        );
    });

    it('and to register with whatever SIMs it has, and of them what can be read', async () => {
      const registered = await api.patch(`${MOBILE}/device`, { simCards: [{ slotIndex: 0, carrierName: 7 }] });
      expect(registered.status).toBe(204);
      expect(must(200, await admin.get(`/admin/agents/${deviceId}`)).sims).toMatchObject([{ slot: 0, carrier: null }]);
      for (const simCards of [[{ slotIndex: 99 }], 'x', [7]])
        expect((await api.patch(`${MOBILE}/device`, { simCards })).status).toBe(204);
      expect(must(200, await admin.get(`/admin/agents/${deviceId}`)).sims).toHaveLength(1);
    });

    it('and that it lives, with its battery', async () => {
      const checks = { 'battery:level': { observedValue: 7, observedUnit: 'percent', status: 'pass' } };
      must(200, await post('system:ping', { health: { status: 'pass', version: '1.61.0', checks } }));
      must(200, await post('system:ping', {}));
      must(200, await post('sms:sent', { messageId: 'm' }));
      const shown = must(200, await admin.get(`/admin/agents/${deviceId}`));
      expect(shown).toMatchObject({ battery_level: 7, app_version: '1.61.0', online: true });
    });
  });
});
