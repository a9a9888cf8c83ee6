import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Config } from '../../src/config/load-config.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { csvOf, importCsv, importForm, toShop, worked } from '../support/csv.js';
import { must } from '../support/people.js';
import { messagesOf } from '../support/sending.js';
import { approvedTemplate, createKey, openShop, type Shop } from '../support/shop.js';

describe('a CSV file', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0', IMPORT_MAX_LINES: '3000' });
    shop = await openShop(gateway);
    const key = await createKey(shop.admin, ['sms:send', 'sms:read', 'sms:send_text']);
    shop = { ...shop, client: gateway.api.withKey(key.plain_key), keyId: key.id };
  });
  afterAll(() => gateway.stop());

  const stored = async () => {
    const names = ['imports', 'import_chunks', 'sms_requests', 'sms_messages'];
    return Promise.all(names.map((name) => gateway.store.collection(name).count({})));
  };
  const sent = async (csv: string | Uint8Array, extra: Record<string, string> = {}) => {
    const done = await worked(gateway, shop.client, await importCsv(shop.client, csv, toShop(shop, extra)));
    const messages = [];
    for (const id of done.request_ids) messages.push(...(await messagesOf(shop.client, id)));
    return { done, messages };
  };

  it('is accepted, then sent as requests, in the order of its lines', async () => {
    const accepted = await importCsv(shop.client, csvOf(2500), toShop(shop, { priority: 'LOW' }));
    const { import_id } = must(202, accepted);
    expect(accepted.headers.get('location')).toBe(`/requests/import/${import_id}`);
    expect(accepted.body).toMatchObject({ status: 'queued', total_messages: 2500, total_segments: 2500, total_bad: 0 });
    const done = await worked(gateway, shop.client, accepted);
    expect(done).toMatchObject({
      status: 'done',
      reason: null,
      client_id: shop.keyId,
      template_id: shop.templateId,
      route: `agent:${shop.phone.agentId}`,
      total_created: 2500,
      total_skipped: 0,
      finished_at: '2126-11-21T10:00:00.000Z',
    });
    expect(done.request_ids).toHaveLength(3);
    const totals = [];
    for (const id of done.request_ids) totals.push((await shop.client.get(`/requests/${id}`)).body.total_created);
    expect(totals).toEqual([1000, 1000, 500]);
    const [first] = await messagesOf(shop.client, done.request_ids[1]);
    expect(first).toMatchObject({ to: '+84901001000', text: 'Ma OTP 1000', priority: 'LOW' });
    expect(await gateway.store.collection('import_chunks').count({})).toBe(0);
  });

  it('comes as a form, too, with its fields before it, behind it or around it', async () => {
    const fields = Object.entries(toShop(shop, { skip_bad_lines: 'true', priority: 'LOW' }));
    for (let before = 0; before <= fields.length; before++) {
      const body = new FormData();
      for (const [name, value] of fields.slice(0, before)) body.append(name, value);
      body.append('file', new Blob([`${csvOf(2)}\nnobody,1\n`]), 'a.csv');
      for (const [name, value] of fields.slice(before)) body.append(name, value);
      const answer = await shop.client.call('POST', '/requests/import', undefined, { body });
      const done = await worked(gateway, shop.client, answer);
      expect(done).toMatchObject({ status: 'done', total_created: 2, total_bad: 1 });
      expect((await messagesOf(shop.client, done.request_ids[0]))[0].priority).toBe('LOW');
    }
  });

  it('waits on the disk for its fields when it is large, and leaves nothing there', async () => {
    const folder = gateway.get(Config).DATA_DIR;
    const files = () => readdirSync(folder).filter((name) => name.startsWith('upload'));
    const lines = Array.from({ length: 2900 }, (_, i) => `+8490${2_000_000 + i},${i},${'x'.repeat(1000)}`);
    const form = (csv: string, extra: Record<string, string> = {}) => {
      const body = new FormData();
      body.append('file', new Blob([csv]), 'a.csv');
      for (const [name, value] of Object.entries(toShop(shop, extra))) body.append(name, value);
      return shop.client.call('POST', '/requests/import', undefined, { body });
    };
    const done = await worked(gateway, shop.client, await form(['to,CODE,note', ...lines].join('\n')));
    expect(done).toMatchObject({ total_created: 2900 });
    expect((await messagesOf(shop.client, done.request_ids[2]))[0]).toMatchObject({
      to: '+84902002000',
      text: 'Ma OTP 2000',
    });
    expect(files()).toEqual([]);
    const before = await stored();
    const bad = await form(['to,CODE,note', ...lines, 'nobody,1'].join('\n'));
    expectError(bad, 400, 'bad_lines', 'lines.2902.to');
    expectError(await form('to,CODE\n', { template_id: `tpl_${'0'.repeat(26)}` }), 404, 'template_not_found');
    expectError(await form(`to,CODE\n${`${'x'.repeat(1023)}\n`.repeat(128 * 1024)}`), 413, 'file_too_large');
    expect([files(), await stored()]).toEqual([[], before]);
  });

  it('that is read while it arrives takes no field behind it', async () => {
    const late = new FormData();
    late.append('file', new Blob([csvOf(2)]), 'a.csv');
    late.append('priority', 'LOW');
    const before = await stored();
    const path = `/requests/import?${new URLSearchParams(toShop(shop)).toString()}`;
    const refused = await shop.client.call('POST', path, undefined, { body: late });
    expectError(refused, 400, 'invalid_request', 'priority');
    expect(refused.body.message).toContain('before file');
    const twice = new FormData();
    for (const name of ['a.csv', 'b.csv']) twice.append('file', new Blob([csvOf(2)]), name);
    expect((await shop.client.call('POST', path, undefined, { body: twice })).status).toBe(400);
    expect(await stored()).toEqual(before);
  });

  it.each([
    'text/csv; charset=utf-8',
    'Text/CSV',
    'application/csv',
    'application/vnd.ms-excel',
    'application/octet-stream',
    'text/plain',
    'text/plain;charset=UTF-8',
    'text/comma-separated-values',
    undefined,
  ])('comes with any media type that programs give it: %s', async (type) => {
    const body = new TextEncoder().encode(csvOf(1));
    const path = `/requests/import?${new URLSearchParams(toShop(shop, { dry_run: 'true' })).toString()}`;
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    expect(must(200, await shop.client.call('POST', path, undefined, { body, headers })).total_messages).toBe(1);
    const form = new FormData();
    form.append('file', new Blob([csvOf(1)], { type: type ?? '' }), 'numbers.csv');
    for (const [name, value] of Object.entries(toShop(shop, { dry_run: 'true' }))) form.append(name, value);
    expect(
      must(200, await shop.client.call('POST', '/requests/import', undefined, { body: form })).total_messages,
    ).toBe(1);
    const number = new TextEncoder().encode('number\n0905000009\n');
    expect((await shop.admin.call('POST', '/opt-outs/import', undefined, { body: number, headers })).status).toBe(200);
  });

  it('that is a workbook is refused by what it is, whatever it is called', async () => {
    const body = new TextEncoder().encode('PK\x03\x04 and more');
    const path = `/requests/import?${new URLSearchParams(toShop(shop)).toString()}`;
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    for (const named of [type, 'text/csv', 'application/vnd.ms-excel']) {
      const refused = await shop.client.call('POST', path, undefined, { body, headers: { 'content-type': named } });
      expectError(refused, 400, 'not_csv', 'file');
      expect(refused.body.message).toContain('save it as CSV');
    }
    for (const other of ['application/json', 'image/png', 'application/x-www-form-urlencoded', 'text/html']) {
      const refused = await shop.client.call('POST', path, undefined, { body, headers: { 'content-type': other } });
      expectError(refused, 415, 'unsupported_media_type');
      expect(refused.body.message).toBe('Send the file as multipart/form-data or as text/csv.');
    }
  });

  it.each([
    ['a byte-order mark', '\ufeffto,CODE\n0901234567,1'],
    ['CRLF', 'to,CODE\r\n0901234567,1\r\n'],
    ['a lone CR', 'to,CODE\r0901234567,1\r'],
    ['semicolons', 'to;CODE\n0901234567;1\n'],
    ['tabs', 'to\tCODE\n0901234567\t1\n'],
    ['bars', 'to|CODE\n0901234567|1\n'],
    ['quotes everywhere', '"to","CODE"\n"0901234567","1"\n'],
    ['a semicolon in a quoted header', 'to,"a;b;c;d",CODE\n0901234567,x,1\n'],
    ['blank lines', '\n\nto,CODE\n\n,\n  ,  \n0901234567,1\n\n\n'],
    ['other names of the columns', 'code;Phone-Number;x\n1;0901234567;y\n'],
    ['a Vietnamese header', 'Số điện thoại,Code\n0901 234 567,1\n'],
    ['a number without its zero', 'to,CODE\n901234567,1\n'],
  ])('with %s is read', async (_, csv) => {
    const { messages } = await sent(csv);
    expect(messages).toMatchObject([{ to: '+84901234567', text: 'Ma OTP 1' }]);
  });

  it('keeps commas, quotes and line breaks of quoted cells', async () => {
    const { messages } = await sent('to,CODE\r\n0901234567,"a,b ""c""\r\nd"\r\n0901234568,x\r\n');
    expect(messages.map(({ text }) => text)).toEqual(['Ma OTP a,b "c"\nd', 'Ma OTP x']);
  });

  it('has its columns mapped', async () => {
    const template_id = await approvedTemplate(shop.admin, 'Chao {FIRST_NAME}, {CODE}');
    const csv = 'Cell 1,Cell 2,first name,Ma\n1,0901234567,An,7\n';
    const extra = { template_id, to_column: 'cell 2', variables: '{"CODE":"Ma"}' };
    const { messages } = await sent(csv, extra);
    expect(messages).toMatchObject([{ to: '+84901234567', text: 'Chao An, 7' }]);
  });

  it('takes what a request takes: a text, a schedule, an end, the GSM alphabet', async () => {
    const { agent_id } = toShop(shop);
    const parameters = {
      agent_id: agent_id!,
      text: 'Đã nhận đơn',
      encoding: 'gsm7',
      schedule_at: '2126-11-22T00:00:00+07:00',
      ttl_seconds: '3600',
    };
    const done = await worked(gateway, shop.client, await importCsv(shop.client, 'phone\n0901234567', parameters));
    expect(await messagesOf(shop.client, done.request_ids[0])).toMatchObject([
      { text: 'Da nhan don', schedule_at: '2126-11-21T17:00:00.000Z', expires_at: '2126-11-21T18:00:00.000Z' },
    ]);
  });

  const bytes = (text: string, encoding: BufferEncoding) => Buffer.from(text, encoding);
  it.each<[string, string | Uint8Array, string, string[]]>([
    ['nothing', '', 'empty_file', []],
    ['a byte-order mark and nothing else', '\ufeff', 'empty_file', []],
    ['a header and nothing else', 'to,CODE\n', 'empty_file', []],
    ['UTF-16 without a mark', bytes(csvOf(2), 'utf16le'), 'not_utf8', ['lines.1']],
    ['Latin-1', bytes('to,CODE\n0901234567,a\n0901234568,\u00e9\n', 'latin1'), 'not_utf8', ['lines.3']],
    ['a NUL', 'to,CODE\n0901234567,a\0b\n', 'not_utf8', ['lines.2']],
    ['a quote that is never closed', 'to,CODE\n0901234567,1\n0901234568,"2\n0901234569,3\n', 'bad_quotes', ['lines.3']],
    ['text behind a quote', 'to,CODE\n0901234567,"1"x\n', 'bad_quotes', ['lines.2']],
    ['a quote inside a cell', 'to,CODE\n0901234567,1"x\n', 'bad_quotes', ['lines.2']],
    ['a header twice', 'to,CODE,code\n0901234567,1,2\n', 'duplicate_header', ['lines.1']],
    ['no column of numbers', 'who,CODE\n0901234567,1\n', 'missing_column', ['to_column']],
    ['two columns of numbers', 'to,phone,CODE\n1,2,3\n', 'missing_column', ['to_column']],
    ['no column of a variable', 'to,x\n0901234567,1\n', 'missing_column', ['variables.CODE']],
    [
      'lines of other lengths',
      'to,CODE\n0901234567\n0901234568,1\n0901234569,1,2\n',
      'bad_lines',
      ['lines.2', 'lines.4'],
    ],
    [
      'bad numbers and holes',
      'to,CODE\nnobody,1\n,2\n0901234567,\n+12025550123,1\n',
      'bad_lines',
      ['lines.2.to', 'lines.3.to', 'lines.4.variables.CODE', 'lines.5.to'],
    ],
    ['too long a text', `to,CODE\n0901234567,${'x'.repeat(1700)}\n`, 'bad_lines', ['lines.2']],
    ['too long a cell', `to,CODE\n0901234567,${'x'.repeat(10_001)}\n`, 'bad_lines', ['lines.2.variables.CODE']],
    ['too long a line', `to,CODE\n0901234567,${'x'.repeat(70_000)}\n`, 'line_too_long', ['lines.2']],
    ['too long a line of commas', `to,CODE\n${','.repeat(140_000)}\n`, 'line_too_long', ['lines.2']],
    [
      'a bad line behind a CRLF in quotes',
      'to,CODE\r\n0901234567,"a\r\nb"\r\nnobody,1\r\n',
      'bad_lines',
      ['lines.4.to'],
    ],
    [
      'a quote that swallows the rest',
      `to,CODE\n0901234567,"${csvOf(3000)}${csvOf(3000)}`,
      'line_too_long',
      ['lines.2'],
    ],
  ])('of %s is refused whole', async (_, csv, code, fields) => {
    const before = await stored();
    expectError(await importCsv(shop.client, csv, toShop(shop)), 400, code, ...fields);
    expect(await stored()).toEqual(before);
  });

  it('with more lines than allowed is refused, however many were read', async () => {
    const before = await stored();
    const refused = await importCsv(shop.client, csvOf(3001), toShop(shop));
    expectError(refused, 413, 'file_too_large');
    expect(refused.body.message).toContain('3000');
    expect(await stored()).toEqual(before);
    expect(must(202, await importCsv(shop.client, csvOf(3000), toShop(shop))).total_messages).toBe(3000);
  });

  it('names a hundred bad lines at most, with their numbers behind quoted line breaks', async () => {
    const csv = `to,CODE\n"0901234567","a\nb\nc"\n${'nobody,1\n'.repeat(500)}`;
    const refused = await importCsv(shop.client, csv, toShop(shop));
    expectError(refused, 400, 'bad_lines');
    expect(refused.body.details).toHaveLength(100);
    expect(refused.body.details[0].field).toBe('lines.5.to');
  });

  it('has its bad lines left out when that is asked for', async () => {
    const csv = `to,CODE\n0901234567,1\nnobody,2\n0901234568\n0901234569,3\n${'x,1\n'.repeat(200)}`;
    const { done, messages } = await sent(csv, { skip_bad_lines: 'true' });
    expect(messages.map(({ text }) => text)).toEqual(['Ma OTP 1', 'Ma OTP 3']);
    expect(done).toMatchObject({ status: 'done', total_messages: 2, total_bad: 202, total_created: 2 });
    expect(done.bad_lines).toHaveLength(100);
    expect(done.bad_lines.slice(0, 2)).toEqual([
      { line: 3, field: 'to', message: 'is not a phone number' },
      { line: 4, field: '', message: expect.stringContaining('1 cells') },
    ]);
    const none = await importCsv(shop.client, 'to,CODE\nx,1\n', toShop(shop, { skip_bad_lines: 'true' }));
    expectError(none, 400, 'bad_lines', 'lines.2.to');
  });

  it('is tried out without sending', async () => {
    const before = await stored();
    const csv = `to,CODE\n${Array.from({ length: 20 }, (_, i) => `09012345${10 + i},${i}`).join('\n')}\nnobody,1\n0901234567,${'x'.repeat(160)}`;
    const answer = await importCsv(shop.client, csv, toShop(shop, { dry_run: 'true' }));
    expect(must(200, answer)).toEqual({
      dry_run: true,
      total_messages: 21,
      total_segments: 22,
      total_bad: 1,
      bad_lines: [{ line: 22, field: 'to', message: 'is not a phone number' }],
      refusal: { code: 'bad_lines', message: expect.stringContaining('1 line is bad') },
      total_duplicates: 0,
      duplicate_lines: [],
      rows: Array.from({ length: 10 }, (_, i) => ({
        line: i + 2,
        to: `+849012345${10 + i}`,
        text: `Ma OTP ${i}`,
        encoding: 'GSM-7',
        segments: 1,
      })),
    });
    expect(answer.headers.get('location')).toBeNull();
    expect(await stored()).toEqual(before);
  });

  it.each<[string, Record<string, string>, number, string, string[]]>([
    ['no template and no text', { template_id: '' }, 400, 'invalid_request', ['template_id']],
    ['a template that is not there', { template_id: `tpl_${'0'.repeat(26)}` }, 404, 'template_not_found', []],
    ['a phone that is not there', { agent_id: `agt_${'0'.repeat(26)}` }, 404, 'agent_not_found', ['agent_id']],
    ['two destinations', { route: 'group:a' }, 400, 'invalid_request', ['route']],
    ['a wrong time', { schedule_at: 'soon' }, 400, 'invalid_request', ['schedule_at']],
    ['an end before its beginning', { expires_at: '2126-11-21T09:00:00Z' }, 400, 'invalid_request', ['expires_at']],
    ['a wrong number of seconds', { ttl_seconds: 'many' }, 400, 'invalid_request', ['ttl_seconds']],
    ['a mapping that is no JSON', { variables: '{CODE:x}' }, 400, 'invalid_request', ['variables']],
    ['a mapping of something else', { variables: '{"CODE":1}' }, 400, 'invalid_request', ['variables']],
    ['a mapping of no variable', { variables: '{"NAME":"to"}' }, 400, 'missing_column', ['variables.NAME']],
    ['a mapping to no column', { variables: '{"CODE":"Ma"}' }, 400, 'missing_column', ['variables.CODE']],
    ['a column that is not there', { to_column: 'Handy' }, 400, 'missing_column', ['to_column']],
    ['another delimiter', { delimiter: ':' }, 400, 'invalid_request', ['delimiter']],
    ['an unknown parameter', { columns: 'to' }, 400, 'invalid_request', ['columns']],
  ])('is refused with %s, in the query and in the form', async (_, extra, status, code, fields) => {
    const before = await stored();
    expectError(await importCsv(shop.client, csvOf(2), toShop(shop, extra)), status, code, ...fields);
    expectError(await importForm(shop.client, csvOf(2), toShop(shop, extra)), status, code, ...fields);
    expect(await stored()).toEqual(before);
  });

  it('must come as a file', async () => {
    const path = `/requests/import?${new URLSearchParams(toShop(shop)).toString()}`;
    expectError(await shop.client.post(path, { file: 'x' }), 415, 'unsupported_media_type');
    expectError(await shop.client.post(path), 415, 'unsupported_media_type');
    const broken = { body: 'x', headers: { 'content-type': 'multipart/form-data' } };
    expectError(await shop.client.call('POST', path, undefined, broken), 400, 'broken_upload');
    const nul = await importForm(shop.client, csvOf(1), toShop(shop, { to_column: 'a\0' }));
    expectError(nul, 400, 'invalid_request', 'to_column');
    const noFile = new FormData();
    noFile.append('x', 'y');
    expectError(await shop.client.call('POST', path, undefined, { body: noFile }), 400, 'invalid_request', 'file');
    const noName = new FormData();
    noName.append('file', csvOf(1));
    expectError(await shop.client.call('POST', path, undefined, { body: noName }), 400, 'invalid_request', 'file');
    // Files are for this route alone.
    const elsewhere = { body: csvOf(1), headers: { 'content-type': 'text/csv' } };
    expectError(await shop.client.call('POST', '/requests', undefined, elsewhere), 415, 'unsupported_media_type');
    expectError(
      await shop.client.call('POST', '/requests', undefined, { body: noFile }),
      415,
      'unsupported_media_type',
    );
  });

  it('is its key’s own, and the tenant’s', async () => {
    const { import_id } = must(202, await importCsv(shop.client, csvOf(1), toShop(shop)));
    const other = gateway.api.withKey((await createKey(shop.admin, ['sms:send'])).plain_key);
    expectError(await other.get(`/requests/import/${import_id}`), 403, 'forbidden');
    expectError(await other.post(`/requests/import/${import_id}/cancel`), 403, 'forbidden');
    expect(must(200, await other.get('/requests/imports')).items).toEqual([]);
    expect(must(200, await shop.client.get('/requests/imports?limit=1')).items[0].import_id).toBe(import_id);
    expect(must(200, await shop.admin.get('/requests/imports')).items[0].import_id).toBe(import_id);
    expectError(await shop.client.get('/requests/import/imp_nothing'), 404, 'import_not_found');
    const reader = gateway.api.withKey((await createKey(shop.admin, ['sms:read'])).plain_key);
    expectError(await importCsv(reader, csvOf(1), toShop(shop)), 403, 'forbidden');
    const text = { agent_id: shop.phone.agentId, text: 'Hi' };
    expectError(await importCsv(other, csvOf(1), text), 403, 'forbidden');
  });
});
