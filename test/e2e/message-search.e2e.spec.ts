import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedStore } from '../../src/database/embedded/embedded-store.js';
import { planSearch, queriesOf, type Position } from '../../src/messages/search/plan.js';
import type { SearchTerms } from '../../src/messages/search/search-terms.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { accept, expectStatus, fieldsOf, messagesTo, numberOf, requestOf } from '../support/sending.js';
import { approvedTemplate, createKey, lease, openShop, registerPhone, report, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

interface Item {
  message_id: string;
  to: string;
}

describe('searching messages', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0', AGENT_RATE_LIMIT_PER_MIN: '100000' });
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  async function newClient(): Promise<{ client: Api; keyId: string }> {
    const { id, plain_key } = await createKey(shop.admin, ['sms:send', 'sms:read']);
    return { client: gateway.api.withKey(plain_key), keyId: id };
  }
  /** Follows `next` to the end. */
  async function readAll(api: Api, query: string): Promise<string[]> {
    const ids: string[] = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const { body } = expectStatus(200, await api.get(`/messages/all?${query}${next && `&cursor=${next}`}`));
      ids.push(...body.items.map((item: Item) => item.message_id));
      next = body.next;
    }
    return ids;
  }
  const numbersOf = async (api: Api, query: string): Promise<string[]> =>
    expectStatus(200, await api.get(`/messages/all?${query}`)).body.items.map((item: Item) => item.to);
  const sendTo = (client: Api, numbers: string[], extra: Record<string, unknown> = {}) =>
    accept(
      client,
      requestOf(
        shop,
        numbers.map((to, i) => ({ to, variables: { CODE: String(i) } })),
        extra,
      ),
    );

  describe('by number', () => {
    it('finds the first digits, in the order of the numbers, however the plus is written', async () => {
      const { client } = await newClient();
      await sendTo(client, ['+84912000003', '+84912000001', '+84913000002', '+84912000001']);
      const inOrder = ['+84912000003', '+84912000001', '+84912000001'];
      for (const prefix of ['84912', '%2B84912', '+84912'])
        expect(await numbersOf(client, `to_prefix=${prefix}`)).toEqual(inOrder);
      expect(await numbersOf(client, 'to_prefix=8491')).toEqual(['+84913000002', ...inOrder]);
      expect(await numbersOf(client, 'to_prefix=84912000001')).toHaveLength(2);
      for (const pasted of ['(+84) 912-000.001', '0084 912 000 001', 'tel:+84912000001', '\u202a+84912000001\u202c'])
        expect(await numbersOf(client, `to_prefix=${encodeURIComponent(pasted)}`)).toHaveLength(2);
      expect(await numbersOf(client, 'to_prefix=849120000019')).toEqual([]);
    });

    it('finds the last digits', async () => {
      const { client } = await newClient();
      await sendTo(client, ['+84914001234', '+84914011234', '+84914001235', '+84914001234']);
      expect((await numbersOf(client, 'to_suffix=1234')).sort()).toEqual([
        '+84914001234',
        '+84914001234',
        '+84914011234',
      ]);
      expect(await numbersOf(client, 'to_suffix=0-12.34%20')).toHaveLength(2);
      expect(await numbersOf(client, 'to_suffix=01234')).toEqual(['+84914001234', '+84914001234']);
      expect(await numbersOf(client, 'to_suffix=84914011234')).toEqual(['+84914011234']);
      expect(await numbersOf(client, 'to_suffix=99991234')).toEqual([]);
    });

    it('pages through equal numbers without losing or repeating one', async () => {
      const { client } = await newClient();
      const numbers = Array.from({ length: 60 }, (_, i) => `+8491500${String(i % 4).repeat(4)}`);
      await sendTo(client, numbers);
      await sendTo(client, numbers);
      for (const query of ['to_prefix=84915', 'to_suffix=0000', 'to_suffix=00000', 'to=%2B84915000000']) {
        const whole = await readAll(client, `${query}&limit=500`);
        expect(whole).toHaveLength(query.startsWith('to_prefix') ? 120 : 30);
        expect(new Set(whole).size).toBe(whole.length);
        for (const limit of [1, 7, 30]) expect(await readAll(client, `${query}&limit=${limit}`)).toEqual(whole);
        const { body } = await client.get(`/messages/all?${query}&limit=5&skip=11`);
        expect(body.items.map((item: Item) => item.message_id)).toEqual(whole.slice(11, 16));
      }
    });

    it('shows nothing of another key or another tenant', async () => {
      const [one, two] = [await newClient(), await newClient()];
      const other = await openTenantShop(gateway, 'search-number');
      await sendTo(one.client, ['+84916000001']);
      for (const query of ['to=%2B84916000001', 'to_prefix=84916', 'to_suffix=6000001']) {
        expect(await numbersOf(one.client, query)).toEqual(['+84916000001']);
        expect(await numbersOf(shop.admin, query)).toEqual(['+84916000001']);
        for (const stranger of [two.client, other.client, other.admin])
          expect(await numbersOf(stranger, query)).toEqual([]);
      }
    });

    it.each([
      ['to_prefix=849', 'to_prefix'],
      ['to_prefix=0901', 'to_prefix'],
      ['to_prefix=84x91', 'to_prefix'],
      ['to_prefix=1234567890123456', 'to_prefix'],
      ['to_suffix=123', 'to_suffix'],
      ['to_suffix=%2B1234', 'to_suffix'],
      ['to_suffix=', 'to_suffix'],
      ['to=%2B84916000001&to_suffix=0001', 'to_suffix'],
      ['to_prefix=84916&to_suffix=0001', 'to_suffix'],
    ])('refuses %s', async (query, field) => {
      const refused = await shop.client.get(`/messages/all?${query}`);
      expect([refused.status, ...fieldsOf(refused)]).toEqual([400, field]);
    });
  });

  describe('by what else there is', () => {
    it('combines status, template, phone, client, reference, request and days as it says', async () => {
      const { client, keyId } = await newClient();
      const templateId = await approvedTemplate(shop.admin, 'Other {CODE}');
      const phone = await registerPhone(gateway);
      const begin = gateway.clock.now();
      const first = await accept(
        client,
        requestOf({ ...shop, phone }, messagesTo(3, '1'), { client_reference: 'order 1' }),
      );
      gateway.clock.advance(60);
      const middle = gateway.clock.now();
      const second = await accept(
        client,
        requestOf({ ...shop, phone, templateId }, messagesTo(2, '2', 3), { client_reference: 'order 2' }),
      );
      gateway.clock.advance(60);
      for (const job of (await lease(phone, 4)).slice(0, 3)) await report(phone, job.message_id, 'SENT');
      const cases: [query: string, expected: number[]][] = [
        ['status=SENT', [2, 1, 0]],
        ['status=ASSIGNED', [3]],
        [`template_id=${templateId}`, [4, 3]],
        [`template_id=${templateId}&status=ASSIGNED`, [3]],
        [`agent_id=${phone.agentId}`, [4, 3, 2, 1, 0]],
        [`agent_id=${phone.agentId}&status=SENT`, [2, 1, 0]],
        [`agent_id=${phone.agentId}&template_id=${templateId}`, [4, 3]],
        [`client_id=${keyId}`, [4, 3, 2, 1, 0]],
        [`client_id=${keyId}&status=PENDING`, [4]],
        ['client_reference=order%202', [4, 3]],
        ['client_reference=order%202&status=PENDING', [4]],
        [`request_id=${first.request_id}&status=SENT`, [0, 1, 2]],
        [`request_id=${second.request_id}&template_id=${templateId}&agent_id=${phone.agentId}`, [3, 4]],
        [
          `to=${encodeURIComponent(numberOf(1))}&status=SENT&agent_id=${phone.agentId}&created_to=${middle.toISOString()}`,
          [1],
        ],
        [`created_from=${middle.toISOString()}`, [4, 3]],
        [`created_from=${begin.toISOString()}&created_to=${middle.toISOString()}`, [2, 1, 0]],
        [`created_to=${middle.toISOString()}&status=SENT`, [2, 1, 0]],
        [`created_from=${middle.toISOString()}&agent_id=${phone.agentId}&status=ASSIGNED`, [3]],
        [`created_to=${begin.toISOString()}`, []],
        [`created_to=${begin.toISOString().slice(0, 10)}`, [4, 3, 2, 1, 0]],
        [`created_from=2126-11-22`, []],
      ];
      for (const [query, expected] of cases) {
        expect([query, await numbersOf(client, query)]).toEqual([query, expected.map(numberOf)]);
        const paged = await readAll(client, `${query}&limit=1`);
        expect([query, paged]).toEqual([query, await readAll(client, query)]);
        const { total, total_is_more } = (await client.get(`/messages/all?${query}&with_total=true&limit=1`)).body;
        expect([query, total, total_is_more]).toEqual([query, expected.length, undefined]);
      }
      const byAdmin = `/messages/all?template_id=${templateId}`;
      expect((await shop.admin.get(`${byAdmin}&limit=1&skip=1`)).body.items[0].to).toBe(numberOf(3));
      expect((await shop.admin.get(`${byAdmin}&with_total=1`)).status).toBe(400);
      expect((await shop.admin.get(byAdmin)).body).not.toHaveProperty('total');
    });

    it('tells a key nothing of another client', async () => {
      const [one, two] = [await newClient(), await newClient()];
      await accept(two.client, requestOf(shop, messagesTo(1)));
      const { body } = await one.client.get(`/messages/all?client_id=${two.keyId}&with_total=true`);
      expect(body).toEqual({ items: [], count: 0, total: 0 });
    });

    it.each([
      [
        'agent_id=agt_01jd0000000000000000000000&template_id=tpl_01jd0000000000000000000000',
        ['agent_id', 'template_id'],
      ],
      ['to_prefix=8490&status=SENT', ['to_prefix', 'status']],
      ['to_suffix=1234&created_from=2126-01-01', ['to_suffix', 'dates']],
    ])('says which searches there are where it has no index: %s', async (query, fields) => {
      const refused = await shop.admin.get(`/messages/all?${query}`);
      expectError(refused, 400, 'unsupported_search', ...fields);
      expect(refused.body.message).toContain('template_id with any of status');
      const { body: document } = await gateway.api.get('/schema/openapi.json');
      expect(document.paths['/messages/all'].get.description).toContain('template_id with any of status');
    });

    it.each([
      ['created_from=yesterday', 'created_from'],
      ['created_from=2126-02-30', 'created_from'],
      ['created_from=1815-06-18', 'created_from'],
      ['created_to=9999-01-01', 'created_to'],
      ['created_from=2126-11-22&created_to=2126-11-21', 'created_to'],
      ['created_from=2126-11-21T10:00:00Z&created_to=2126-11-21T10:00:00Z', 'created_to'],
      ['status=sent', 'status'],
      ['template_id=x', 'template_id'],
      ['client_id=agt_01jd0000000000000000000000', 'client_id'],
      ['client_reference=', 'client_reference'],
      [`cursor=${Buffer.from('msg_01jd00000000000000000000000000 48+').toString('base64url')}`, 'cursor'],
      [`to_prefix=8490&cursor=${Buffer.from('msg_01jd00000000000000000000000000').toString('base64url')}`, 'cursor'],
      [
        `to_prefix=8490&cursor=${Buffer.from('msg_01jd00000000000000000000000000 +84910000000').toString('base64url')}`,
        'cursor',
      ],
    ])('refuses %s', async (query, field) => {
      const refused = await shop.admin.get(`/messages/all?${query}`);
      expect([refused.status, ...fieldsOf(refused)]).toEqual([400, field]);
    });
  });

  it('looks at so many messages in a call and no more, and finds all of them in the end', async () => {
    const [many, few] = [await newClient(), await newClient()];
    await sendTo(few.client, ['+84917000000']);
    await accept(
      many.client,
      requestOf(
        shop,
        Array.from({ length: 2600 }, (_, i) => ({ to: `+8491700${String(1000 + i)}`, variables: { CODE: '1' } })),
      ),
    );
    const first = (await few.client.get('/messages/all?to_prefix=84917&limit=1')).body;
    expect([first.count, typeof first.next]).toEqual([0, 'string']);
    expect(await readAll(few.client, 'to_prefix=84917&limit=1')).toHaveLength(1);
    expectError(await few.client.get('/messages/all?to_prefix=84917&skip=1'), 400, 'invalid_request', 'skip');
    const { body } = await many.client.get('/messages/all?to_prefix=84917&limit=1&with_total=true');
    expect([body.count, body.total]).toEqual([1, 2600]);
  });

  it('counts no further than it says', async () => {
    const { client, keyId } = await newClient();
    for (let i = 0; i < 3; i++) await accept(client, requestOf(shop, messagesTo(3400, String(i))));
    const totalOf = async (query: string) => {
      const { total, total_is_more } = (await shop.admin.get(`/messages/all?limit=1&with_total=true&${query}`)).body;
      return [total, total_is_more];
    };
    expect(await totalOf(`client_id=${keyId}`)).toEqual([10_000, true]);
    expect(await totalOf(`client_id=${keyId}&agent_id=${shop.phone.agentId}`)).toEqual([10_000, true]);
    expect(await totalOf(`client_id=${keyId}&agent_id=agt_01jd0000000000000000000000`)).toEqual([0, true]);
  });

  it('walks one index in its order, whatever is asked', async () => {
    const at: Position = { id: 'msg_01jd00000000000000000000000000' };
    const ids = {
      request_id: 'req_01jd0000000000000000000000',
      agent_id: 'agt_1',
      template_id: 'tpl_1',
      client_id: 'key_1',
    };
    const days = { from: new Date('2126-11-01'), before: new Date('2126-12-01') };
    const { request_id, agent_id, template_id, client_id } = ids;
    const searches: SearchTerms[] = [
      {},
      { request_id },
      { request_id, client_id, status: 'SENT' },
      { to: '+84901234567' },
      { to: '+84901234567', client_id, status: 'SENT' },
      { client_reference: 'x' },
      { client_id },
      { client_id, status: 'SENT' },
      { client_id, agent_id, template_id },
      { agent_id },
      { agent_id, status: 'SENT' },
      { template_id },
      { template_id, status: 'SENT' },
      { status: 'SENT' },
    ];
    const plans = [
      ...searches.flatMap((search) => [search, { ...search, ...days }]).map((search) => [search, at] as const),
      [{ to_prefix: '+8490' }, { ...at, value: '+84901234567' }] as const,
      [
        { to_suffix: '4567', client_id },
        { ...at, value: '76543210948+' },
      ] as const,
    ];
    const { store } = gateway;
    for (const [search, position] of plans) {
      for (const { filter, sort } of [...queriesOf(planSearch(search)), ...queriesOf(planSearch(search), position)]) {
        const lines = await (store as EmbeddedStore).explain('sms_messages', { ...filter, tenant_id: 'ten_1' }, sort);
        const plan = `${JSON.stringify(search)} ${lines.join(', ')}`;
        // DocumentDB may sort while it has no statistics of new documents yet, so there only a scan counts.
        expect(plan).not.toMatch(store.kind === 'embedded' ? /SCAN|TEMP B-TREE|SORT|MATCH/ : /COLLSCAN/);
        expect(lines).not.toEqual([]);
      }
    }
  });
});
