import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { optOutsOf } from '../support/opt-outs.js';
import { addPerson, addTenant, must } from '../support/people.js';
import { accept, fieldsOf, messagesOf, requestOf } from '../support/sending.js';
import { createKey, openShop, type Shop } from '../support/shop.js';

describe('the list of opt-outs', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let admin: Api;
  let numbers = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(gateway);
    admin = shop.admin;
  });
  afterAll(() => gateway.stop());

  const newNumber = () => `+84905${String(100_000 + ++numbers)}`;
  const add = (body: object, api = admin) => api.post('/opt-outs', body);
  const importCsv = (csv: string, api = admin): Promise<Answer> =>
    api.call('POST', '/opt-outs/import', csv, { headers: { 'content-type': 'text/csv' } });

  it('takes a number however it is typed, once', async () => {
    const number = newNumber();
    const national = `0${number.slice(3)}`;
    const first = await add({ number: national, reason: 'asked by phone' });
    expect([first.status, first.body]).toEqual([
      201,
      {
        number,
        sender: null,
        source: 'admin',
        reason: 'asked by phone',
        word: null,
        carrier: null,
        code: null,
        inbound_id: null,
        created_at: gateway.clock.now().toISOString(),
      },
    ]);
    const again = await add({ number, reason: 'again' });
    expect([again.status, again.body.reason]).toEqual([200, 'asked by phone']);
    expect(await optOutsOf(admin, national)).toHaveLength(1);
    expect(must(201, await add({ number, sender: '090 1234 567' })).sender).toBe('+84901234567');
    expect(await optOutsOf(admin, number)).toHaveLength(2);
  });

  it('makes what waits for the number fail at once', async () => {
    const number = newNumber();
    const { request_id } = await accept(shop.client, requestOf(shop, [{ to: number, variables: { CODE: '1' } }]));
    must(201, await add({ number }));
    expect(await messagesOf(shop.client, request_id)).toMatchObject([{ status: 'FAILED', last_error: 'OPTED_OUT' }]);
  });

  it('loses a number by any way of typing it, with or without a sender', async () => {
    for (const typed of [(n: string) => n, (n: string) => encodeURIComponent(n), (n: string) => `0${n.slice(3)}`]) {
      const number = newNumber();
      for (const sender of [undefined, 'MG0123456789abcdef0123456789abcdef', '+84901234567'])
        must(201, await add({ number, ...(sender ? { sender } : {}) }));
      expect(must(200, await admin.delete(`/opt-outs/${typed(number)}?sender=%2B84901234567`))).toEqual({ removed: 1 });
      expect((await admin.delete(`/opt-outs/${typed(number)}?sender=%2B84901234567`)).status).toBe(404);
      expect(must(200, await admin.delete(`/opt-outs/${typed(number)}`))).toEqual({ removed: 2 });
      expectError(await admin.delete(`/opt-outs/${typed(number)}`), 404, 'opt_out_not_found');
      expect(await optOutsOf(admin, number)).toEqual([]);
    }
  });

  it('refuses what is no number', async () => {
    expectError(await add({ number: '12' }), 400, 'invalid_request', 'number');
    expectError(await add({ reason: 'x' }), 400, 'invalid_request', 'number');
    expectError(await add({ number: '0901234567', source: 'carrier' }), 400, 'invalid_request', 'source');
    expectError(await admin.delete('/opt-outs/nobody'), 400, 'invalid_request', 'number');
    expectError(await admin.get('/opt-outs?number=nobody'), 400, 'invalid_request', 'number');
    expectError(await admin.get('/opt-outs?source=rumour'), 400, 'invalid_request', 'source');
  });

  it('is read page by page, newest first, by number, sender and source', async () => {
    const { asPlatformAdmin: api } = await addTenant(gateway, admin, 'pages');
    const added: string[] = [];
    for (let i = 0; i < 5; i++) {
      added.unshift(newNumber());
      must(201, await add({ number: added[0], ...(i % 2 ? { sender: '+84901234567' } : {}) }, api));
    }
    must(200, await importCsv('number\n0906000001\n', api));
    const found = async (query: string) =>
      must(200, await api.get(`/opt-outs?${query}`)).items.map(({ number }: { number: string }) => number);
    expect(await found('')).toEqual(['+84906000001', ...added]);
    expect(await found('source=admin')).toEqual(added);
    expect(await found('sender=0901234567')).toEqual([added[1], added[3]]);
    expect(await found('sender=0901234567&source=import')).toEqual([]);
    const seen: string[] = [];
    let next = '';
    do {
      const page = must(200, await api.get(`/opt-outs?limit=2&source=admin${next}`));
      seen.push(...page.items.map(({ number }: { number: string }) => number));
      next = page.next ? `&cursor=${page.next}` : '';
    } while (next);
    expect(seen).toEqual(added);
    expect(await found(`skip=4&limit=1`)).toEqual([added[3]]);
  });

  it('is for those who may read; whoever may send may add, and administrators alone may remove', async () => {
    const number = newNumber();
    const key = async (...scopes: string[]) => gateway.api.withKey((await createKey(admin, scopes)).plain_key);
    const [viewer, operator] = [await addPerson(gateway, admin, 'viewer'), await addPerson(gateway, admin, 'operator')];
    const [reads, sends] = [await key('sms:read'), await key('sms:send')];
    const statuses = async (call: (api: Api) => Promise<Answer>) => {
      const answers = [];
      for (const api of [viewer.api, operator.api, reads, sends]) answers.push((await call(api)).status);
      return answers;
    };
    expect(await statuses((api) => api.get('/opt-outs'))).toEqual([200, 200, 200, 403]);
    expect(await statuses((api) => api.get('/opt-outs/export.csv'))).toEqual([200, 200, 200, 403]);
    expect(await statuses((api) => add({ number }, api))).toEqual([403, 201, 403, 200]);
    expect(await statuses((api) => api.delete(`/opt-outs/${number}`))).toEqual([403, 403, 403, 403]);
    expect(await statuses((api) => importCsv('number\n0901234567\n', api))).toEqual([403, 403, 403, 403]);
    expect((await gateway.api.get('/opt-outs')).status).toBe(401);
    expect((await shop.phone.api.get('/opt-outs')).status).toBe(403);
  });

  it('is imported whole, however its numbers are typed', async () => {
    const [a, b, c] = [newNumber(), newNumber(), newNumber()];
    must(201, await add({ number: c }));
    const csv = `Reason;NUMBER;sender\n"left; angry";0${a.slice(3)};\n;'${b};0901234567\n;${c};\n;${a};\n`;
    expect(must(200, await importCsv(csv))).toEqual({ added: 2, known: 2 });
    expect(await optOutsOf(admin, a)).toMatchObject([{ source: 'import', reason: 'left; angry', sender: null }]);
    expect(await optOutsOf(admin, b)).toMatchObject([{ source: 'import', reason: null, sender: '+84901234567' }]);
    expect(await optOutsOf(admin, c)).toMatchObject([{ source: 'admin' }]);
    expect(must(200, await importCsv(csv))).toEqual({ added: 0, known: 4 });
    const lines = must(200, await admin.get('/admin/audit-logs?action=IMPORT_OPT_OUTS&limit=1')).items;
    expect(lines).toMatchObject([{ actor_type: 'USER', data: { lines: 4, added: 0 } }]);
  });

  it('takes a form, too', async () => {
    const number = newNumber();
    const form = new FormData();
    form.append('file', new Blob([`number\n${number}`], { type: 'text/csv' }), 'numbers.csv');
    expect(must(200, await admin.call('POST', '/opt-outs/import', undefined, { body: form }))).toEqual({
      added: 1,
      known: 0,
    });
  });

  it('takes nothing of a file with a bad line, and names all of them', async () => {
    const number = newNumber();
    const refused = await importCsv(`number,reason\n${number},\n12,\n,x\n${number},${'x'.repeat(501)}\n`);
    expectError(refused, 400, 'bad_lines');
    expect(fieldsOf(refused)).toEqual(['lines.3.number', 'lines.4.number', 'lines.5.reason']);
    expect(await optOutsOf(admin, number)).toEqual([]);
    expectError(await importCsv('phone\n0901234567\n'), 400, 'missing_column', 'lines.1');
    for (const empty of ['', 'number\n']) expectError(await importCsv(empty), 400, 'empty_file');
    expect((await admin.post('/opt-outs/import', { number })).status).toBe(415);
  });

  it('is exported as a file that a spreadsheet can open and the import takes', async () => {
    const { asPlatformAdmin: one } = await addTenant(gateway, admin, 'export-one');
    const { asPlatformAdmin: two } = await addTenant(gateway, admin, 'export-two');
    const added = Array.from({ length: 3 }, newNumber);
    for (const number of added) must(201, await add({ number, reason: '=1+1;-2' }, one));
    const file = await one.get('/opt-outs/export.csv');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename=opt-outs.csv');
    const at = gateway.clock.now().toISOString();
    expect(file.body).toBe(
      [
        'number,sender,source,reason,word,carrier,code,created_at',
        ...added.map((number) => `'${number},,admin,'=1+1;'-2,,,,${at}`),
        '',
      ].join('\r\n'),
    );
    expect(must(200, await importCsv(file.body, two))).toEqual({ added: 3, known: 0 });
    expect((await optOutsOf(two, added[0]!))[0].reason).toMatch(/^=1\+1/);
    expect((await optOutsOf(admin, added[0]!)).length).toBe(0);
    expect(must(200, await one.get('/admin/audit-logs?action=EXPORT_OPT_OUTS')).items).toHaveLength(1);
  });

  it('is exported in steps, oldest first', async () => {
    const { asPlatformAdmin: api } = await addTenant(gateway, admin, 'export-many');
    const many = Array.from({ length: 1203 }, newNumber);
    must(200, await importCsv(['number', ...many].join('\n'), api));
    const lines = (await api.get('/opt-outs/export.csv')).body.trim().split('\r\n').slice(1);
    expect(lines.map((line: string) => line.split(',')[0]!.slice(1))).toEqual(many);
  });
});
