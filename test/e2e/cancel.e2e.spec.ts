import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { signJwt } from '../support/jwt.js';
import { messagesOf, messagesTo, requestOf, sendOne, statusOf } from '../support/sending.js';
import { createKey, lease, openShop, registerPhone, report, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

const LEASE = 300;
const JWT_SECRET = 'shared-with-the-identity-provider';

describe('canceling', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      JWT_SECRET,
      ANTI_DUP_MINUTES: '0',
      LEASE_SECONDS: String(LEASE),
      AGENT_RATE_LIMIT_PER_MIN: '100000',
    });
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    shop = { ...shop, phone: await registerPhone(gateway) };
  });
  afterAll(() => gateway.stop());

  const cancel = (id: string, client = shop.client) => client.post(`/messages/${id}/cancel`);

  it('takes back a message that waits, and no phone gets it', async () => {
    const { message_id: id } = await sendOne(shop, '1');
    const answer = await cancel(id);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ message_id: id, status: 'CANCELED', last_error: 'CANCELED_BY_CLIENT' });
    expect(answer.body.history.at(-1)).toMatchObject({
      actor: `client:${shop.keyId}`,
      from: 'PENDING',
      to: 'CANCELED',
    });
    expect(await lease(shop.phone)).toEqual([]);
  });

  it('twice is as good as once', async () => {
    const { message_id: id } = await sendOne(shop, '1');
    const first = await cancel(id);
    const second = await cancel(id);
    expect([second.status, second.body]).toEqual([200, first.body]);
  });

  it.each(['auth0|me', 'me'])('by a user of another system with the id %s is a user’s doing', async (sub) => {
    const exp = gateway.clock.now().getTime() / 1000 + 3600;
    const user = gateway.api.withToken(signJwt({ sub, role: 'operator', exp }, JWT_SECRET));
    const { message_id: id } = await sendOne(shop, '1', {}, user);
    const { history } = (await cancel(id, user)).body;
    expect(history.map(({ actor }: { actor: string }) => actor)).toEqual([`user:${sub}`, `user:${sub}`]);
  });

  it('has to wait while a phone holds the message, and says so', async () => {
    const { message_id: id } = await sendOne(shop, '1');
    await lease(shop.phone);
    const refused = await cancel(id);
    expect([refused.status, refused.body.code]).toEqual([409, 'not_cancelable']);
    expect(refused.body.message).toContain('a phone holds it; try again when its lease has run out');
    expect(refused.body.details).toEqual([{ field: 'status', message: 'ASSIGNED' }]);
    gateway.clock.advance(LEASE - 1);
    expect((await cancel(id)).status).toBe(409);
    gateway.clock.advance(1);
    expect((await cancel(id)).body).toMatchObject({ status: 'CANCELED' });
    expect(await lease(shop.phone)).toEqual([]);
    expect(await report(shop.phone, id, 'SENDING')).toMatchObject({
      result: 'conflict',
      status: 'CANCELED',
      allowed: [],
    });
  });

  it('is too late once the message is on its way or over', async () => {
    for (const way of [['SENDING'], ['SENT'], ['SENT', 'DELIVERED'], ['FAILED']]) {
      const { message_id: id } = await sendOne(shop, '1');
      await lease(shop.phone);
      for (const status of way) await report(shop.phone, id, status);
      gateway.clock.advance(LEASE);
      const refused = await cancel(id);
      expect(refused.status).toBe(409);
      expect(refused.body.message).toContain(`it is ${way.at(-1)}`);
      expect(await statusOf(shop.client, id)).toBe(way.at(-1));
    }
  });

  it('is for the key that sent it, and for the tenant’s operators', async () => {
    const other = await openTenantShop(gateway, 'cancel');
    const key = await createKey(shop.admin, ['sms:send', 'sms:read']);
    const message = await sendOne(shop, '1');
    for (const path of [`/messages/${message.message_id}/cancel`, `/requests/${message.request_id}/cancel`]) {
      expect((await gateway.api.withKey(key.plain_key).post(path)).status).toBe(403);
      expect((await other.client.post(path)).status).toBe(404);
      expect((await other.admin.post(path)).status).toBe(404);
    }
    expect(await statusOf(shop.client, message.message_id)).toBe('PENDING');
    const answer = await cancel(message.message_id, shop.admin);
    expect(answer.body.history.at(-1).actor).toMatch(/^user:usr_/);
    for (const path of ['/messages/msg_nothing/cancel', '/requests/req_nothing/cancel'])
      expect((await shop.client.post(path)).status).toBe(404);
  });

  it('a request takes back all that nobody is sending and says what it came to', async () => {
    const accepted = await shop.client.post('/requests', requestOf(shop, messagesTo(6)));
    const { request_id } = accepted.body;
    const jobs = await lease(shop.phone, 4);
    await report(shop.phone, jobs[0]!.message_id, 'SENT');
    await report(shop.phone, jobs[1]!.message_id, 'SENDING');
    const first = await shop.client.post(`/requests/${request_id}/cancel`);
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      request_id,
      canceled: 2,
      status_counts: { SENT: 1, SENDING: 1, ASSIGNED: 2, CANCELED: 2 },
    });
    gateway.clock.advance(LEASE);
    const second = await shop.client.post(`/requests/${request_id}/cancel`);
    expect(second.body).toMatchObject({ canceled: 2, status_counts: { SENT: 1, SENDING: 1, CANCELED: 4 } });
    expect((await shop.client.post(`/requests/${request_id}/cancel`)).body.canceled).toBe(0);
    expect(await lease(shop.phone)).toEqual([]);
    expect((await messagesOf(shop.client, request_id)).map(({ status }) => status).sort()).toEqual([
      'CANCELED',
      'CANCELED',
      'CANCELED',
      'CANCELED',
      'SENDING',
      'SENT',
    ]);
  });

  it('and leasing at once: every message ends in one of them', async () => {
    const accepted = await shop.client.post('/requests', requestOf(shop, messagesTo(60)));
    const [jobs, canceled] = await Promise.all([
      lease(shop.phone, 40),
      shop.client.post(`/requests/${accepted.body.request_id}/cancel`),
    ]);
    const { body } = await shop.client.get(`/requests/${accepted.body.request_id}`);
    expect(jobs.length + canceled.body.canceled).toBe(60);
    expect(body.status_counts).toEqual({
      ...(jobs.length > 0 ? { ASSIGNED: jobs.length } : {}),
      ...(canceled.body.canceled > 0 ? { CANCELED: canceled.body.canceled } : {}),
    });
  });
});
