import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SettingsDoc } from '../../src/tenants/settings.js';
import type { Api } from '../support/api.js';
import { importCsv, toShop, worked } from '../support/csv.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, fieldsOf, messagesOf, requestOf } from '../support/sending.js';
import { lease, openShop, type Shop } from '../support/shop.js';

const TYPED = [
  '0901234567',
  '0084901234567',
  '(+84) 901234567',
  '\u202A+84901234567\u202C',
  'tel:+84901234567',
  '0901.234.567;',
];
const WRONG: [string, string][] = [
  ['0901234567.0', 'decimal'],
  ['8.49E+10', 'spreadsheet'],
  ['0123456789', 'not a valid number of +84'],
  ['8888', 'allow_short_codes'],
];

describe('numbers as people paste them', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let codes = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0', BLOCK_INTERNATIONAL: '0' });
    shop = await openShop(gateway, { dailyLimit: 10_000 });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => choose({ default_country_prefix: null, default_country: null, allow_short_codes: null }));

  const choose = async (settings: object) => must(200, await shop.admin.put('/admin/settings', settings));
  const post = (to: string) =>
    shop.client.post('/requests', requestOf(shop, [{ to, variables: { CODE: `c${++codes}` } }]));
  async function sentTo(to: string): Promise<string> {
    const { request_id } = must(201, await post(to));
    return (await messagesOf(shop.client, request_id))[0].to;
  }
  const found = async (path: string, name: string, typed: string) =>
    must(200, await shop.admin.get(`${path}?${name}=${encodeURIComponent(typed)}`)).items.length;

  it('are the same number in a request', async () => {
    for (const to of TYPED) expect(await sentTo(to)).toBe('+84901234567');
    for (const [to, word] of WRONG) {
      const answer = await post(to);
      expectError(answer, 400, 'invalid_request', 'messages.0.to');
      expect(answer.body.details[0].message).toContain(word);
    }
  });

  it('are the same number in a file, where each bad line is told in words', async () => {
    const file = (numbers: string[]) => ['to,CODE', ...numbers.map((to) => `"${to}",f${++codes}`)].join('\n');
    const good = await worked(gateway, shop.client, await importCsv(shop.client, file(TYPED), toShop(shop)));
    expect(good).toMatchObject({ status: 'done', total_created: TYPED.length });
    const bad = await importCsv(shop.client, file(WRONG.map(([to]) => to)), toShop(shop));
    expectError(bad, 400, 'bad_lines', ...WRONG.map((_, i) => `lines.${i + 2}.to`));
    for (const [i, [, word]] of WRONG.entries()) expect(bad.body.details[i].message).toContain(word);
  });

  it('are the same number in a search, also one that the plan of its country has lost since', async () => {
    await accept(shop.client, requestOf(shop, [{ to: '+84907777777', variables: { CODE: 'x' } }]));
    for (const typed of [
      '0907777777',
      '0084907777777',
      '(+84) 907777777',
      '\u202A+84907777777\u202C',
      'tel:+84907777777',
    ])
      expect(await found('/messages/all', 'to', typed)).toBe(1);
    // As a plus arrives that nobody has escaped.
    expect(must(200, await shop.admin.get('/messages/all?to=+84907777777')).items).toHaveLength(1);
    for (const [typed] of WRONG)
      expectError(await shop.admin.get(`/messages/all?to=${encodeURIComponent(typed)}`), 400, 'invalid_request', 'to');
    expect(await found('/messages/all', 'to', '+12223334444')).toBe(0);
  });

  it('are the same number in texts that phones receive, and in opt-outs', async () => {
    const text = { text: 'Hi', received_at: '2126-11-21T09:59:00Z' };
    const messages = [...TYPED, '+12223334444', 'VINAPHONE', '8888'].map((from, i) => ({
      ...text,
      text: `Hi ${i}`,
      from,
    }));
    must(200, await shop.phone.api.post('/sms/agent/messages/inbound', { messages }));
    for (const typed of TYPED) expect(await found('/inbound-messages', 'from', typed)).toBe(TYPED.length);
    for (const typed of ['+12223334444', 'VINAPHONE', '8888\u200B'])
      expect(await found('/inbound-messages', 'from', typed)).toBe(1);

    must(201, await shop.admin.post('/opt-outs', { number: '(+84) 908888888' }));
    expect(await found('/opt-outs', 'number', '0084908888888;')).toBe(1);
    expect(must(200, await shop.admin.get('/opt-outs?number=+84908888888')).items).toHaveLength(1);
    expectError(await shop.admin.post('/opt-outs', { number: '0908888888.0' }), 400, 'invalid_request', 'number');
    must(200, await shop.admin.delete('/opt-outs/0908888888'));
  });

  it('are read as those of the tenant’s country', async () => {
    await choose({ default_country_prefix: '+62' });
    expectError(await post('0812345678.0'), 400, 'invalid_request', 'messages.0.to');
    expect(await sentTo('0812345678')).toBe('+62812345678');
    expect(await sentTo('00971501234567')).toBe('+971501234567');
    await choose({ default_country_prefix: '+358' });
    expect(await sentTo('0084901234567')).toBe('+84901234567');
    await choose({ default_country_prefix: '+44', default_country: 'GG' });
    expect(await sentTo('720000')).toBe('+441481720000');
    await choose({ default_country: null });
    expect(fieldsOf(await post('720000'))).toEqual(['messages.0.to']);
  });

  it('may be short codes where the tenant allows them, which keep their digits all the way', async () => {
    await choose({ allow_short_codes: true, block_international: true });
    expect(await sentTo('8888')).toBe('8888');
    expect(await found('/messages/all', 'to', '8888')).toBe(1);
    expect((await lease(shop.phone)).map(({ to }) => to)).toContain('8888');
    must(201, await shop.admin.post('/opt-outs', { number: '8888' }));
    expect((await post('8888')).body).toMatchObject({ total_created: 0, total_opted_out: 1 });
    await choose({ block_international: null });
    expect(await sentTo('+33700012345678')).toBe('+33700012345678');
    await choose({ allow_short_codes: null });
    expect(fieldsOf(await post('+33700012345678'))).toEqual(['messages.0.to']);
  });

  it.each([
    [{ default_country_prefix: '+840' }, 'default_country_prefix'],
    [{ default_country: 'US' }, 'default_country'],
    [{ default_country: 'vn' }, 'default_country'],
    [{ default_country_prefix: '+1', default_country: 'VN' }, 'default_country'],
    [{ allow_short_codes: 'yes' }, 'allow_short_codes'],
  ])('are not read by settings that contradict the world: %j', async (settings, field) => {
    expectError(await shop.admin.put('/admin/settings', settings), 400, 'invalid_request', field);
  });

  it('need their country code while a bad prefix is stored', async () => {
    await choose({ default_country_prefix: '+62' });
    const settings = gateway.store.collection<SettingsDoc>('app_config');
    await settings.updateOne(
      { 'chosen.default_country_prefix': '+62' },
      { $set: { 'chosen.default_country_prefix': '+840' } },
    );
    await gateway.restart();
    const { client, admin, phone } = shop;
    const onNew = ({ credentials }: Api) => gateway.api.as(credentials);
    shop = { ...shop, client: onNew(client), admin: onNew(admin), phone: { ...phone, api: onNew(phone.api) } };
    const answer = await post('0901234567');
    expectError(answer, 400, 'invalid_request', 'messages.0.to');
    expect(answer.body.details[0].message).toContain('default_country_prefix');
    expect(await sentTo('+84901234567')).toBe('+84901234567');
    expectError(await shop.admin.get('/messages/all?to=0901234567'), 400, 'invalid_request', 'to');
    const text = { from: '0901234567', text: 'Lost', received_at: '2126-11-21T09:59:00Z' };
    must(200, await shop.phone.api.post('/sms/agent/messages/inbound', { messages: [text] }));
    expect(await choose({ anti_dup_minutes: 0 })).toMatchObject({ default_country_prefix: '+840' });
    await choose({ default_country_prefix: null });
    expect(await sentTo('0901234567')).toBe('+84901234567');
  });
});
