import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { expectStatus, fieldsOf, messagesTo, numberOf, requestOf } from '../support/sending.js';
import { createKey, openShop, registerPhone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

const NOWHERE = '0'.repeat(26);

describe('what POST /requests refuses', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ MAX_TEXT_LENGTH: '50' });
    shop = await openShop(gateway, { dailyLimit: 10_000 });
  });
  afterAll(() => gateway.stop());

  afterEach(async () => {
    const stored = await Promise.all(
      ['sms_requests', 'sms_messages', 'fingerprints', 'counters'].map((name) =>
        gateway.store.collection(name).count({}),
      ),
    );
    // A refusal stores nothing.
    expect(stored).toEqual([0, 0, 0, 0]);
    expect((await shop.client.get('/requests')).body).toEqual({ items: [], count: 0 });
  });

  async function refuse(status: number, body: unknown, client = shop.client): Promise<Answer> {
    const answer = expectStatus(status, await client.post('/requests', body));
    expect(answer.body).toMatchObject({ success: false, error: status, request_id: expect.any(String) });
    return answer;
  }
  const withMessage = (message: Record<string, unknown>, extra: Record<string, unknown> = {}) =>
    requestOf(shop, [{ to: numberOf(0), variables: { CODE: '1' }, ...message }], extra);
  async function unapproved(): Promise<string> {
    return (await shop.admin.post('/templates', { name: 'draft', content: 'Ma OTP {CODE}' })).body.id;
  }

  it('names the first mistake in the order of the checks', async () => {
    const { plain_key } = await createKey(shop.admin, ['sms:send'], 1);
    const client = gateway.api.withKey(plain_key);
    const first = async (status: number, body: unknown) => {
      const answer = await refuse(status, body, client);
      return [answer.body.code, ...fieldsOf(answer)];
    };
    const bad = { to: '12', variables: { CODE: null } };
    let body: Record<string, unknown> = {};
    expect(await first(400, body)).toEqual(['invalid_request', 'template_id']);
    body = { template_id: 'x' };
    expect(await first(400, body)).toEqual(['invalid_request', 'messages']);
    body = { ...body, messages: Array.from({ length: 5001 }, () => bad) };
    expect(await first(400, body)).toEqual(['invalid_request', 'agent_id']);
    body = { ...body, agent_id: 'y' };
    expect(await first(400, body)).toEqual(['too_many_recipients', 'messages']);
    body = { ...body, messages: [bad] };
    expect(await first(400, body)).toEqual(['invalid_request', 'template_id']);
    body = { ...body, template_id: await unapproved() };
    expect(await first(400, body)).toEqual(['invalid_request', 'agent_id']);
    body = { ...body, agent_id: `agt_${NOWHERE}` };
    expect(await first(400, body)).toEqual(['template_not_approved', 'template_id']);
    body = { ...body, template_id: shop.templateId };
    expect(await first(404, body)).toEqual(['agent_not_found', 'agent_id']);
    body = { ...body, agent_id: shop.phone.agentId };
    expect(await first(400, body)).toEqual(['invalid_request', 'messages.0.to']);
    body = { ...body, messages: [{ ...bad, to: numberOf(1) }] };
    expect(await first(400, body)).toEqual(['invalid_request', 'messages.0.variables.CODE']);
    body = { ...body, messages: [{ to: numberOf(1), variables: { CODE: 'x'.repeat(50) } }, ...messagesTo(1)] };
    expect(await first(400, body)).toEqual(['invalid_request', 'messages.0']);
    body = { ...body, messages: messagesTo(2) };
    expect(await first(429, body)).toEqual(['daily_limit']);
  });

  it('refuses 5,000 recipients for one bad number and names its place', async () => {
    const messages = messagesTo(5000);
    messages[4321]!.to = '+84123';
    expect(fieldsOf(await refuse(400, requestOf(shop, messages)))).toEqual(['messages.4321.to']);
  });

  it('names every bad message, but never more than a hundred', async () => {
    const some = messagesTo(6);
    some[1]!.to = 'nobody';
    some[4]!.variables = {} as never;
    expect(fieldsOf(await refuse(400, requestOf(shop, some)))).toEqual(['messages.1.to', 'messages.4.variables.CODE']);

    const bad = Array.from({ length: 150 }, () => ({ to: 'nobody', variables: { CODE: '1' } }));
    const named = fieldsOf(await refuse(400, requestOf(shop, bad)));
    expect(named).toEqual(Array.from({ length: 100 }, (_, i) => `messages.${i}.to`));
    const shapeless = Array.from({ length: 150 }, () => ({ to: 5 }));
    expect(fieldsOf(await refuse(400, requestOf(shop, shapeless)))).toHaveLength(100);
  });

  it('refuses bodies of another shape', async () => {
    expect((await refuse(400, undefined)).body.code).toBe('empty_body');
    expect((await refuse(400, '{"messages":')).body.code).toBe('invalid_json');
    for (const body of [[], 'text', 5]) await refuse(400, JSON.stringify(body));
    expect(fieldsOf(await refuse(400, requestOf(shop, [])))).toEqual(['messages']);
    expect(fieldsOf(await refuse(400, requestOf(shop, ['+84901234567'])))).toEqual(['messages.0']);
    expect(fieldsOf(await refuse(400, withMessage({ text: 'x' })))).toEqual(['messages.0.text']);
    expect(fieldsOf(await refuse(400, withMessage({}, { sender: 'x' })))).toEqual(['sender']);
    expect(fieldsOf(await refuse(400, withMessage({ variables: { CODE: '1\0' } })))).toEqual([
      'messages.0.variables.CODE',
    ]);
  });

  it('takes either a template or a text, either an agent or a route', async () => {
    expect(fieldsOf(await refuse(400, withMessage({}, { text: 'Hi' })))).toEqual(['text']);
    expect(fieldsOf(await refuse(400, withMessage({}, { route: 'group:shop' })))).toEqual(['route']);
    const { agent_id: _, ...body } = withMessage({});
    expect(fieldsOf(await refuse(400, { ...body, route: 'somewhere' }))).toEqual(['route']);
    expect(fieldsOf(await refuse(404, { ...body, route: `agent:agt_${NOWHERE}` }))).toEqual(['route']);
    expect(fieldsOf(await refuse(404, { ...body, route: 'carrier:twilio' }))).toEqual(['route']);
  });

  it('sends only approved templates of the own tenant', async () => {
    const other = await openTenantShop(gateway, 'checks-templates');
    expect((await refuse(400, withMessage({}, { template_id: await unapproved() }))).body.code).toBe(
      'template_not_approved',
    );
    for (const template_id of [`tpl_${NOWHERE}`, other.templateId])
      expect((await refuse(404, withMessage({}, { template_id }))).body.code).toBe('template_not_found');
    const changed = await shop.admin.post('/templates', { name: 'changed', content: 'A {CODE}' });
    await shop.admin.post(`/templates/${changed.body.id}/approve`);
    await shop.admin.put(`/templates/${changed.body.id}`, { content: 'B {CODE}' });
    expect((await refuse(400, withMessage({}, { template_id: changed.body.id }))).body.code).toBe(
      'template_not_approved',
    );
  });

  it('sends only by active phones of the own tenant', async () => {
    const other = await openTenantShop(gateway, 'checks-agents');
    const gone = await registerPhone(gateway);
    await shop.admin.post(`/admin/agents/${gone.agentId}/unregister`, {});
    for (const agent_id of [`agt_${NOWHERE}`, gone.agentId, other.phone.agentId]) {
      const answer = await refuse(404, withMessage({}, { agent_id }));
      expect(answer.body).toMatchObject({ code: 'agent_not_found', details: [{ field: 'agent_id' }] });
    }
  });

  it('refuses numbers abroad only while BLOCK_INTERNATIONAL is on', async () => {
    const answer = await refuse(400, withMessage({ to: '+33612345678' }));
    expect(answer.body.details).toEqual([
      { field: 'messages.0.to', message: expect.stringContaining('BLOCK_INTERNATIONAL') },
    ]);
  });

  it('refuses dates that are none, and ends before the beginning', async () => {
    const days = ['tomorrow', '', '2126-02-30T10:00:00Z', '2126-11-21T25:00:00Z', '20261121'];
    for (const schedule_at of days) {
      expect(fieldsOf(await refuse(400, withMessage({ schedule_at })))).toEqual(['messages.0.schedule_at']);
      expect(fieldsOf(await refuse(400, withMessage({}, { schedule_at })))).toEqual(['schedule_at']);
      expect(fieldsOf(await refuse(400, withMessage({}, { expires_at: schedule_at })))).toEqual(['expires_at']);
    }
    expect(fieldsOf(await refuse(400, withMessage({ schedule_at: 1_795_000_000 })))).toEqual([
      'messages.0.schedule_at',
    ]);
    const at = (seconds: number) => new Date(gateway.clock.now().getTime() + seconds * 1000).toISOString();
    const pastEnds = [
      withMessage({}, { expires_at: at(0) }),
      withMessage({ schedule_at: at(600) }, { expires_at: at(600) }),
    ];
    for (const body of pastEnds) expect(fieldsOf(await refuse(400, body))).toEqual(['expires_at']);
    expect(fieldsOf(await refuse(400, withMessage({ schedule_at: at(367 * 86_400) })))).toEqual([
      'messages.0.schedule_at',
    ]);
    expect(fieldsOf(await refuse(400, withMessage({}, { ttl_seconds: 60, expires_at: at(60) })))).toEqual([
      'ttl_seconds',
    ]);
    for (const ttl_seconds of [0, -1, 1.5, '60', 30 * 86_400 + 1])
      expect(fieldsOf(await refuse(400, withMessage({}, { ttl_seconds })))).toEqual(['ttl_seconds']);
  });

  it('is for keys that may send and for operators', async () => {
    const reader = gateway.api.withKey((await createKey(shop.admin, ['sms:read'])).plain_key);
    expect((await refuse(403, withMessage({}), reader)).body.code).toBe('forbidden');
    await shop.admin.post('/admin/users', { username: 'vi', password: 'twelve-letters', role: 'viewer' });
    expect((await refuse(403, withMessage({}), await gateway.login('vi', 'twelve-letters'))).body.code).toBe(
      'forbidden',
    );
    await refuse(403, withMessage({}), shop.phone.api);
    await refuse(401, withMessage({}), gateway.api);
  });

  it('takes free text only with the scope sms:send_text', async () => {
    const { template_id: _, ...body } = withMessage({});
    expect((await refuse(403, { ...body, text: 'Hi' })).body.message).toContain('sms:send_text');
    const writer = gateway.api.withKey((await createKey(shop.admin, ['sms:send', 'sms:send_text'])).plain_key);
    expect(fieldsOf(await refuse(400, { ...body, text: 'x'.repeat(51) }, writer))).toEqual(['messages.0']);
    expect(fieldsOf(await refuse(400, { ...body, text: '' }, writer))).toEqual(['text']);
  });
});

describe('after refusals of every kind', () => {
  it('leaves the whole day to the key', async () => {
    const gateway = await TestGateway.start();
    try {
      const shop = await openShop(gateway, { dailyLimit: 3 });
      const bad = [
        requestOf(shop, [...messagesTo(2), { to: 'nobody' }]),
        requestOf(shop, [...messagesTo(2), { to: numberOf(9) }]),
        requestOf(shop, messagesTo(4)),
        requestOf(shop, messagesTo(3), { agent_id: `agt_${NOWHERE}` }),
      ];
      for (const body of bad) expect((await shop.client.post('/requests', body)).status).toBeGreaterThanOrEqual(400);
      expect((await shop.client.get('/requests')).body.count).toBe(0);
      expect((await shop.client.get('/messages/all')).body.count).toBe(0);
      const accepted = await shop.client.post('/requests', requestOf(shop, messagesTo(3)));
      expect(accepted.body).toMatchObject({ total_created: 3, total_skipped: 0 });
    } finally {
      await gateway.stop();
    }
  });
});
