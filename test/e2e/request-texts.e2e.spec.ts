import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { fieldsOf, messagesOf, numberOf, requestOf } from '../support/sending.js';
import { approvedTemplate, createKey, openShop, type Shop } from '../support/shop.js';

describe('the texts of a request', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ MAX_TEXT_LENGTH: '20', ANTI_DUP_MINUTES: '0' });
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  /** What `content` becomes: the stored text, or the fields that were refused. */
  async function render(
    content: string,
    variables: unknown,
    common: unknown = undefined,
  ): Promise<string | { refused: string[] }> {
    const template_id = await approvedTemplate(shop.admin, content);
    const body = requestOf(shop, [{ to: numberOf(0), variables }], { template_id, variables: common });
    const answer = await shop.client.post('/requests', body);
    if (answer.status !== 201) return { refused: fieldsOf(answer) };
    const [message] = await messagesOf(shop.client, answer.body.request_id);
    return message.text;
  }

  it('fill in the variables of the message, then those of the request', async () => {
    expect(await render('{A}-{B}', { A: 'own' }, { A: 'all', B: 'all' })).toBe('own-all');
    expect(await render('{A}', null, { A: 'all' })).toBe('all');
    expect(await render('{A} {A}', { A: 7 })).toBe('7 7');
    expect(await render('{A}', { A: false })).toBe('false');
    expect(await render('{A}', { A: '' })).toBe('');
  });

  it('lack what is absent or null, also when the request has it', async () => {
    expect(await render('{A}{B}', { A: '1' })).toEqual({ refused: ['messages.0.variables.B'] });
    expect(await render('{A}', { A: null })).toEqual({ refused: ['messages.0.variables.A'] });
    expect(await render('{A}', { A: null }, { A: 'all' })).toEqual({ refused: ['messages.0.variables.A'] });
    expect(await render('{A}', { a: '1' })).toEqual({ refused: ['messages.0.variables.A'] });
  });

  it('ignore variables that the template does not name', async () => {
    expect(await render('Hi {A}', { A: '1', B: '2', 'c.d': '3', $e: '4' }, { toString: 'x' })).toBe('Hi 1');
  });

  it('keep lower-case braces, and braces inside values, as they are', async () => {
    expect(await render('{code} {A}', { A: '{B}', code: 'x' })).toBe('{code} {B}');
  });

  it('are measured as they are sent, not as they are written', async () => {
    expect(await render('{A_LONG_NAME_OF_A_VARIABLE}', { A_LONG_NAME_OF_A_VARIABLE: '1' })).toBe('1');
    expect(await render('{A}', { A: 'x'.repeat(20) })).toBe('x'.repeat(20));
    expect(await render('{A}', { A: '😀'.repeat(20) })).toBe('😀'.repeat(20));
    expect(await render('{A}', { A: 'x'.repeat(21) })).toEqual({ refused: ['messages.0'] });
    expect(await render('{A}{A}', { A: 'x'.repeat(11) })).toEqual({ refused: ['messages.0'] });
  });

  it('can be free with the scope for it; braces then mean nothing', async () => {
    const key = await createKey(shop.admin, ['sms:send', 'sms:read', 'sms:send_text']);
    const client = gateway.api.withKey(key.plain_key);
    const { template_id: _, ...body } = requestOf(shop, [{ to: numberOf(1), variables: { A: '1' } }], {
      text: 'Hi {A}',
    });
    const answer = await client.post('/requests', body);
    expect(answer.body).toMatchObject({ template_id: null, total_created: 1 });
    expect(await messagesOf(client, answer.body.request_id)).toMatchObject([{ text: 'Hi {A}', template_id: null }]);
  });

  it('go to the number in E.164, however it was typed', async () => {
    const typed = ['0901 000 001', '+84 901-000-002', '84901000003', '(090) 1000004'];
    const messages = typed.map((to) => ({ to, variables: { CODE: '1' } }));
    const answer = await shop.client.post('/requests', requestOf(shop, messages));
    expect((await messagesOf(shop.client, answer.body.request_id)).map((message) => message.to)).toEqual(
      [1, 2, 3, 4].map(numberOf),
    );
  });

  it('go abroad when the tenant allows it', async () => {
    const body = requestOf(shop, [{ to: '+33612345678', variables: { CODE: '1' } }]);
    expect((await shop.client.post('/requests', body)).status).toBe(400);
    await shop.admin.put('/admin/settings', { block_international: false });
    expect((await shop.client.post('/requests', body)).status).toBe(201);
    await shop.admin.put('/admin/settings', { block_international: null });
    expect((await shop.client.post('/requests', body)).status).toBe(400);
  });

  it('have the priority of the message, then of the request; unknown words are NORMAL', async () => {
    const priorities = [undefined, 'HIGH', 'low', 'urgent', null, ''];
    const messages = priorities.map((priority, i) => ({ to: numberOf(i), variables: { CODE: '1' }, priority }));
    const prioritiesOf = async (priority?: string) => {
      const answer = await shop.client.post('/requests', requestOf(shop, messages, { priority }));
      return (await messagesOf(shop.client, answer.body.request_id)).map((message) => message.priority);
    };
    expect(await prioritiesOf()).toEqual(['NORMAL', 'HIGH', 'LOW', 'NORMAL', 'NORMAL', 'NORMAL']);
    expect(await prioritiesOf('LOW')).toEqual(['LOW', 'HIGH', 'LOW', 'NORMAL', 'LOW', 'NORMAL']);
  });
});
