import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { importCsv, worked } from '../support/csv.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { optOutsOf } from '../support/opt-outs.js';
import { addTenant, must } from '../support/people.js';
import { accept, messagesOf, numberOf } from '../support/sending.js';
import { approvedTemplate, createKey, openShop, type Shop } from '../support/shop.js';

type Row = Record<string, string>;

const TEXTS = [
  'plain',
  'Mã OTP của bạn là 123456, đừng nói với ai 😀',
  '  blanks around  ',
  'a "quoted" word; a comma, a|bar',
  'two\nlines',
  '=HYPERLINK("http://x","y")',
  '+1+1',
  '-2;=3',
  '@SUM(A1)',
  '＝1',
  "'=1",
  "''+1",
  "x;'=1",
  "'s morgens",
  "don't",
  '\tafter a tab',
  '0123',
  '84901234567',
  '8490123456789',
  '12E5',
  "'0123",
];

describe('an export', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let mirror: string;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0', BLOCK_INTERNATIONAL: '0' });
    shop = await openShop(gateway, { scopes: ['sms:send', 'sms:read', 'sms:send_text'], dailyLimit: 100_000 });
    mirror = await approvedTemplate(shop.admin, '{TEXT}');
  });
  afterAll(() => gateway.stop());

  async function newClient(): Promise<Api> {
    const { plain_key } = await createKey(shop.admin, ['sms:send', 'sms:read', 'sms:send_text']);
    return gateway.api.withKey(plain_key);
  }
  async function sendTexts(client: Api): Promise<[string, string][]> {
    const sent = TEXTS.map((text, i): [string, string] => [i === 3 ? '+358401234567' : numberOf(i), text]);
    for (const [to, text] of sent) await accept(client, { text, agent_id: shop.phone.agentId, messages: [{ to }] });
    return sent;
  }
  const exported = async (client: Api, query: string, path = '/reports/export.csv'): Promise<Buffer> => {
    const { href } = new URL(`${path}?${query}`, gateway.url);
    const answer = await fetch(href, { headers: client.credentials });
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };
  async function importedTo(client: Api, file: Uint8Array, parameters: Record<string, string>) {
    const done = await worked(gateway, client, await importCsv(client, file, parameters));
    const messages = [];
    for (const id of done.request_ids) messages.push(...(await messagesOf(client, id)));
    return messages.map(({ to, text }): [string, string] => [to, text]);
  }
  const rowsOf = (file: Buffer, delimiter = ',') =>
    parse(file.toString(), { columns: true, bom: true, delimiter, record_delimiter: '\r\n' }) as Row[];

  describe('can be imported again, with the same numbers and texts', () => {
    it.each([
      'preset=excel',
      'preset=excel&delimiter=semicolon',
      'preset=excel&delimiter=tab&bom=false',
      'columns=to,text',
      'columns=text,client_reference,to&delimiter=semicolon',
      'columns=to,text&bom=true&tz=Asia/Ho_Chi_Minh',
    ])('%s', async (query) => {
      const client = await newClient();
      const sent = await sendTexts(client);
      const again = await importedTo(await newClient(), await exported(client, query), {
        template_id: mirror,
        agent_id: shop.phone.agentId,
      });
      expect(again).toEqual(sent);
    });

    it('also without texts, as the numbers of another text', async () => {
      const client = await newClient();
      const sent = await sendTexts(client);
      const again = await importedTo(client, await exported(client, ''), { text: 'Hi', agent_id: shop.phone.agentId });
      expect(again).toEqual(sent.map(([to]) => [to, 'Hi']));
    });

    it('through a form, with a mapping', async () => {
      const client = await newClient();
      const sent = await sendTexts(client);
      const form = new FormData();
      form.append('file', new Blob([await exported(client, 'preset=excel')]), 'reports.csv');
      const fields = { template_id: shop.templateId, agent_id: shop.phone.agentId, variables: '{"CODE":"text"}' };
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      const done = await worked(
        gateway,
        client,
        await client.call('POST', '/requests/import', undefined, { body: form }),
      );
      expect((await messagesOf(client, done.request_ids[0])).map(({ to, text }) => [to, text])).toEqual(
        sent.map(([to, text]) => [to, `Ma OTP ${text}`]),
      );
    });

    it('of opt-outs', async () => {
      const { asPlatformAdmin: one } = await addTenant(gateway, shop.admin, 'opt-one');
      const reasons = ['asked', '=1+1;-2', "'=1", "'s", '0123', 'a "b", c'];
      for (const [i, reason] of reasons.entries())
        must(201, await one.post('/opt-outs', { number: numberOf(i), reason }));
      for (const [i, query] of ['', 'preset=excel', 'preset=excel&delimiter=semicolon'].entries()) {
        const { asPlatformAdmin: two } = await addTenant(gateway, shop.admin, `opt-two-${i}`);
        const body = await one.get(`/opt-outs/export.csv?${query}`);
        const headers = { 'content-type': 'text/csv' };
        must(200, await two.call('POST', '/opt-outs/import', undefined, { body: body.body, headers }));
        for (const [j, reason] of reasons.entries())
          expect(await optOutsOf(two, numberOf(j))).toMatchObject([{ reason: reason.trim() }]);
      }
    });
  });

  describe('for a spreadsheet', () => {
    it('begins with a mark, has a column of texts, and keeps every number', async () => {
      const client = await newClient();
      await sendTexts(client);
      const file = await exported(client, 'preset=excel');
      expect(file.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
      const rows = rowsOf(file);
      expect(Object.keys(rows[0]!).slice(-2)).toEqual(['client_reference', 'text']);
      for (const { to } of rows) expect(to).toMatch(/^'\+\d{8,}$/);
      const texts = rows.map(({ text }) => text!);
      expect(texts).toContain("'0123");
      expect(texts).toContain("'8490123456789");
      expect(texts).toContain("'12E5");
      expect(texts).toContain('84901234567');
      const plain = await exported(client, 'preset=excel&bom=false&columns=to');
      expect(plain.toString().split('\r\n')[0]).toBe('to');
    });

    it('has another delimiter on request', async () => {
      const client = await newClient();
      await accept(client, { text: 'a;b', agent_id: shop.phone.agentId, messages: [{ to: numberOf(1) }] });
      for (const [name, delimiter] of Object.entries({ comma: ',', semicolon: ';', tab: '\t' })) {
        const file = await exported(client, `preset=excel&columns=to,status,text&delimiter=${name}`);
        expect(file.toString().slice(1).split('\r\n')[0]).toBe(['to', 'status', 'text'].join(delimiter));
        expect(rowsOf(file, delimiter)).toEqual([{ to: `'${numberOf(1)}`, status: 'PENDING', text: 'a;b' }]);
      }
      expect((await exported(client, 'delimiter=semicolon&columns=to,status')).toString()).toBe(
        `to;status\r\n'${numberOf(1)};PENDING\r\n`,
      );
    });

    it('is as it always was without any of these', async () => {
      const client = await newClient();
      await accept(client, { text: '0123', agent_id: shop.phone.agentId, messages: [{ to: numberOf(1) }] });
      expect((await exported(client, 'columns=to,created_at,text')).toString()).toBe(
        `to,created_at,text\r\n'${numberOf(1)},${gateway.clock.now().toISOString()},0123\r\n`,
      );
    });
  });

  describe('in a zone', () => {
    it('has its times with the offset, which may change with the day', async () => {
      const client = await newClient();
      const send = async (schedule_at: string) =>
        accept(client, { text: 'Hi', agent_id: shop.phone.agentId, schedule_at, messages: [{ to: numberOf(1) }] });
      for (const at of [
        '2127-03-01T10:00:00Z',
        '2127-07-01T10:00:00.250Z',
        '2127-10-26T00:59:00Z',
        '2127-10-26T01:00:00Z',
      ])
        await send(at);
      const times = async (tz: string, path = 'export.csv') => {
        const body: string = must(
          200,
          await client.get(`/reports/${path}?columns=schedule_at&tz=${encodeURIComponent(tz)}`),
        );
        return path.endsWith('.csv')
          ? body.trim().split('\r\n').slice(1)
          : body
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line).schedule_at);
      };
      expect(await times('Europe/Berlin')).toEqual([
        '2127-03-01T11:00:00.000+01:00',
        '2127-07-01T12:00:00.250+02:00',
        '2127-10-26T02:59:00.000+02:00',
        '2127-10-26T02:00:00.000+01:00',
      ]);
      expect((await times('Asia/Kolkata', 'export.ndjson'))[0]).toBe('2127-03-01T15:30:00.000+05:30');
      expect((await times('-03:30'))[0]).toBe('2127-03-01T06:30:00.000-03:30');
      for (const tz of ['UTC', 'Z']) expect((await times(tz))[0]).toBe('2127-03-01T10:00:00.000Z');
      must(201, await shop.admin.post('/opt-outs', { number: numberOf(1) }));
      const [optOut] = rowsOf(await exported(shop.admin, 'tz=Asia/Ho_Chi_Minh', '/opt-outs/export.csv'));
      expect(optOut!['created_at']).toMatch(/^2126-11-21T17:00:00\.000\+07:00$/);
      must(200, await shop.admin.delete(`/opt-outs/${numberOf(1)}`));
    });

    it('means days of that zone', async () => {
      const client = await newClient();
      await accept(client, { text: 'Hi', agent_id: shop.phone.agentId, messages: [{ to: numberOf(1) }] });
      const count = async (query: string) => rowsOf(await exported(client, query)).length;
      // It is 10:00 UTC on the 21st: the 22nd on the other side of the world.
      expect(await count('from=2126-11-22&tz=Pacific/Kiritimati')).toBe(1);
      expect(await count('from=2126-11-22')).toBe(0);
    });
  });

  it.each([
    ['preset=word', 'preset', 'excel'],
    ['delimiter=colon', 'delimiter', 'semicolon'],
    ['delimiter=;', 'delimiter', 'semicolon'],
    ['tz=Mars/Olympus', 'tz', 'Asia/Ho_Chi_Minh'],
    ['tz=', 'tz', 'Asia/Ho_Chi_Minh'],
    ['tz=%2B99:00', 'tz', 'Asia/Ho_Chi_Minh'],
    ['presets=excel', 'presets', ''],
  ])('is refused with %s, and told what there is', async (query, field, word) => {
    const paths = [
      '/reports/export.csv',
      '/opt-outs/export.csv',
      ...(field === 'tz' ? ['/reports/export.ndjson'] : []),
    ];
    for (const path of paths) {
      const refused = await shop.admin.get(`${path}?${query}`);
      expectError(refused, 400, 'invalid_request', field);
      expect(refused.body.message).toContain(word);
    }
  });

  it('of lines has no delimiter', async () => {
    expectError(await shop.admin.get('/reports/export.ndjson?preset=excel'), 400, 'invalid_request', 'preset');
  });
});
