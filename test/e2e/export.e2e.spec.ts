import { parse } from 'csv-parse/sync';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SearchRepository } from '../../src/messages/search/search.repository.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { accept, messagesTo, numberOf, requestOf } from '../support/sending.js';
import { approvedTemplate, createKey, lease, openShop, registerPhone, report, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { waitFor } from '../support/wait-for.js';

type Row = Record<string, string>;

describe('exporting messages', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0', AGENT_RATE_LIMIT_PER_MIN: '100000' });
    shop = await openShop(gateway, { scopes: ['sms:send', 'sms:read', 'sms:send_text'] });
  });
  afterAll(() => gateway.stop());

  async function newClient(): Promise<{ client: Api; keyId: string; key: string }> {
    const { id, plain_key } = await createKey(shop.admin, ['sms:send', 'sms:read', 'sms:send_text']);
    return { client: gateway.api.withKey(plain_key), keyId: id, key: plain_key };
  }
  async function rowsOf(api: Api, query = ''): Promise<Row[]> {
    const { status, body } = await api.get(`/reports/export.csv?${query}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return parse(body as string, { columns: true, record_delimiter: '\r\n' }) as Row[];
  }
  /** An answer as its bytes, uncompressed by nobody. */
  async function raw(path: string, key: string, headers = ''): Promise<{ head: string; body: Buffer }> {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${path} HTTP/1.0\r\nhost: x\r\nx-api-key: ${key}\r\n${headers}\r\n`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const all = Buffer.concat(chunks);
    const end = all.indexOf('\r\n\r\n');
    return { head: all.toString('latin1', 0, end).toLowerCase(), body: all.subarray(end + 4) };
  }

  it('writes one row for each message, oldest first, under a header row', async () => {
    const { client } = await newClient();
    await accept(client, requestOf(shop, messagesTo(600)));
    await accept(client, requestOf(shop, messagesTo(2, '2', 600), { client_reference: 'order 7' }));
    const { body, headers } = await client.get('/reports/export.csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe('attachment; filename=reports.csv');
    expect(body.split('\r\n')[0]).toBe(
      'message_id,request_id,to,status,created_at,updated_at,sent_at,delivered_at,failed_at,last_error,segments,' +
        'template_id,agent_id,client_reference',
    );
    expect(body).toMatch(/[^\r]\r\n$/);
    const rows = parse(body, { columns: true }) as Row[];
    expect(rows.map(({ to }) => to)).toEqual(Array.from({ length: 602 }, (_, i) => `'${numberOf(i)}`));
    const { items } = (await client.get('/messages/all?limit=1')).body;
    const { message_id, request_id, status, created_at, updated_at, agent_id, template_id, client_reference } =
      items[0];
    expect(rows.at(-1)).toEqual({
      message_id,
      request_id,
      status,
      created_at,
      updated_at,
      agent_id,
      template_id,
      client_reference,
      to: `'${numberOf(601)}`,
      segments: '1',
      sent_at: '',
      delivered_at: '',
      failed_at: '',
      last_error: '',
    });
  });

  it('keeps every text whole: quotes, commas, line ends, accents, and what begins like a formula', async () => {
    const { client } = await newClient();
    const texts = [
      'plain',
      'a "quoted" word, and a comma',
      'two\r\nlines',
      'a line\nfeed',
      'a return\rof the carriage',
      '"',
      '",\r\n"',
      'Mã OTP của bạn là 123456, đừng nói với ai',
      '=HYPERLINK("http://x","y")',
      '+1+1',
      '-2',
      '@SUM(A1)',
      '\tafter a tab',
      '😀 ; | \u00a0',
    ];
    for (const text of texts)
      await accept(client, { text, agent_id: shop.phone.agentId, messages: [{ to: numberOf(1) }] });
    const escaped = texts.map((text) => (/^[=+\-@\t]/.test(text) ? `'${text}` : text));
    expect((await rowsOf(client, 'columns=text')).map(({ text }) => text)).toEqual(escaped);
    const kept = await rowsOf(client, 'columns=text,to&formulas=keep');
    expect(kept.map(({ text }) => text)).toEqual(texts);
    expect(new Set(kept.map(({ to }) => to))).toEqual(new Set([numberOf(1)]));
    const lines = (await client.get('/reports/export.ndjson?columns=text,to,sent_at')).body.trim().split('\n');
    expect(lines.map((line: string) => JSON.parse(line))).toEqual(
      texts.map((text) => ({ text, to: numberOf(1), sent_at: null })),
    );
  });

  it('takes the columns that are asked for, in their order, and names those there are', async () => {
    const { client, keyId } = await newClient();
    await accept(client, requestOf(shop, messagesTo(1)));
    const { body } = await client.get('/reports/export.csv?columns=to,%20client_id,route,attempts');
    expect(body).toBe(`to,client_id,route,attempts\r\n'${numberOf(0)},${keyId},agent:${shop.phone.agentId},0\r\n`);
    for (const columns of ['to,nonsense', 'to,', '', 'to,to', '__proto__', 'tenant_id']) {
      const refused = await client.get(`/reports/export.csv?columns=${columns}`);
      expectError(refused, 400, 'invalid_request', 'columns');
    }
    expect((await client.get('/reports/export.csv?columns=x')).body.message).toContain('message_id, request_id, to');
  });

  it('filters by status, template, phone, client, route and days, together', async () => {
    const { client, keyId } = await newClient();
    const templateId = await approvedTemplate(shop.admin, 'Other {CODE}');
    const phone = await registerPhone(gateway);
    const begin = gateway.clock.now();
    await accept(client, requestOf({ ...shop, phone }, messagesTo(3, '1')));
    gateway.clock.advance(60);
    const middle = gateway.clock.now();
    await accept(client, requestOf({ ...shop, phone, templateId }, messagesTo(2, '2', 3)));
    for (const job of await lease(phone, 4)) await report(phone, job.message_id, 'SENT');
    const cases: [query: string, expected: number[]][] = [
      ['', [0, 1, 2, 3, 4]],
      ['status=SENT', [0, 1, 2, 3]],
      [`template_id=${templateId}`, [3, 4]],
      [`template_id=${templateId}&status=SENT&agent_id=${phone.agentId}&client=${keyId}`, [3]],
      [`agent_id=${phone.agentId}&client_id=${keyId}`, [0, 1, 2, 3, 4]],
      [`route=agent:${phone.agentId}&status=PENDING`, [4]],
      ['route=group:none', []],
      [`from=${middle.toISOString()}`, [3, 4]],
      [`from=${begin.toISOString()}&to=${middle.toISOString()}`, [0, 1, 2]],
      ['to=2126-11-20', []],
    ];
    for (const [query, expected] of cases) {
      for (const api of [
        client,
        ...(query.includes(phone.agentId) || query.includes(templateId) ? [shop.admin] : []),
      ]) {
        const rows = await rowsOf(api, `formulas=keep&columns=to&${query}`);
        expect([query, rows.map(({ to }) => to)]).toEqual([query, expected.map(numberOf)]);
      }
    }
    for (const [query, field] of [
      ['from=2126-11-22&to=2126-11-20', 'to'],
      ['from=x', 'from'],
      ['to=9999-01-01', 'to'],
      ['status=sent', 'status'],
      ['limit=1', 'limit'],
      [`client=${keyId}&client_id=key_01jd0000000000000000000000`, 'client'],
    ] as const)
      expectError(await client.get(`/reports/export.csv?${query}`), 400, 'invalid_request', field);
  });

  it('gives a key its own and a user the tenant’s, and is in the audit log', async () => {
    const [one, two] = [await newClient(), await newClient()];
    const other = await openTenantShop(gateway, 'export');
    await accept(one.client, requestOf(shop, messagesTo(1, '1', 7000)));
    await accept(two.client, requestOf(shop, messagesTo(1, '1', 7001)));
    const query = 'columns=to&formulas=keep';
    expect(await rowsOf(one.client, query)).toEqual([{ to: numberOf(7000) }]);
    expect(await rowsOf(one.client, `${query}&client_id=${two.keyId}`)).toEqual([]);
    expect(await rowsOf(shop.admin, `${query}&client_id=${two.keyId}`)).toEqual([{ to: numberOf(7001) }]);
    expect(await rowsOf(other.admin, query)).toEqual([]);
    const writer = gateway.api.withKey((await createKey(shop.admin, ['sms:send'])).plain_key);
    expectError(await writer.get('/reports/export.csv'), 403, 'forbidden');
    const { items } = (await shop.admin.get('/admin/audit-logs?action=EXPORT_MESSAGES&limit=1')).body;
    expect(items[0]).toMatchObject({
      actor_type: 'USER',
      data: { file: 'reports.csv', columns: ['to'], filters: { client_id: two.keyId } },
    });
  });

  it('is compressed when asked, and begins with a byte-order mark when asked', async () => {
    const { client, key } = await newClient();
    await accept(client, requestOf(shop, messagesTo(600)));
    const path = '/reports/export.csv?columns=to';
    const plain = await raw(path, key);
    expect(plain.head).not.toContain('content-encoding');
    for (const [query, headers] of [
      ['', 'accept-encoding: br;q=1, gzip;q=0.5\r\n'],
      ['&gzip=true', ''],
    ] as const) {
      const packed = await raw(path + query, key, headers);
      expect(packed.head).toContain('content-encoding: gzip');
      expect(packed.body.length).toBeLessThan(plain.body.length / 3);
      expect(gunzipSync(packed.body)).toEqual(plain.body);
    }
    for (const headers of ['accept-encoding: gzip;q=0\r\n', 'accept-encoding: br\r\n'])
      expect((await raw(path, key, headers)).head).not.toContain('content-encoding');
    expect((await raw(`${path}&gzip=false`, key, 'accept-encoding: gzip\r\n')).head).not.toContain('content-encoding');
    const marked = await raw(`${path}&bom=true`, key);
    expect(marked.body.subarray(0, 5)).toEqual(Buffer.from([0xef, 0xbb, 0xbf, 0x74, 0x6f]));
    expect(marked.body.subarray(3)).toEqual(plain.body);
  });

  describe('while it is read', () => {
    /** Lets each page through when the test says so. */
    function holdPages(fail?: Error) {
      const repository = gateway.get(SearchRepository);
      const step = repository.step.bind(repository);
      const waiting: (() => void)[] = [];
      const spy = jest.spyOn(repository, 'step').mockImplementation(async (...args: Parameters<typeof step>) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        if (fail && spy.mock.calls.length > 1) throw fail;
        return step(...args);
      });
      const asked = (pages: number) =>
        waitFor(() => expect(spy.mock.calls.length).toBeGreaterThanOrEqual(pages), { interval: 2 });
      const release = () => waiting.splice(0).forEach((go) => go());
      return { spy, asked, release };
    }
    let key: string;
    beforeAll(async () => {
      const made = await newClient();
      key = made.key;
      await accept(made.client, requestOf(shop, messagesTo(2000)));
    });
    const open = async (path: string) => {
      const { hostname, port } = new URL(gateway.url);
      const socket = connect(Number(port), hostname);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nx-api-key: ${key}\r\n\r\n`);
      return socket;
    };

    it.each(['export.csv', 'export.ndjson', 'export.csv?gzip=true'])(
      '%s begins before the first page is there',
      async (path) => {
        const { spy, asked, release } = holdPages();
        const socket = await open(`/reports/${path}`);
        const [head] = (await once(socket, 'data')) as [Buffer];
        expect(head.toString('latin1')).toMatch(
          /^HTTP\/1.1 200 OK\r\n[^]*content-disposition: attachment; filename=reports\./,
        );
        await asked(1);
        socket.destroy();
        release();
        spy.mockRestore();
      },
    );

    it.each(['export.csv', 'export.csv?gzip=true', 'export.ndjson'])(
      '%s reads no further page once the client is gone',
      async (path) => {
        const { spy, asked, release } = holdPages();
        const socket = await open(`/reports/${path}`);
        socket.on('error', () => undefined);
        await asked(1);
        release();
        await asked(2);
        const closed = once(socket, 'close');
        socket.destroy();
        await closed;
        // The gateway has seen it when it has answered somebody who came later.
        for (let i = 0; i < 3; i++) await gateway.api.get('/health');
        release();
        for (let i = 0; i < 3; i++) await gateway.api.get('/health');
        expect(spy.mock.calls.length).toBe(2);
        spy.mockRestore();
      },
    );

    it.each(['', '&gzip=true'])('an error in the middle cuts the connection (%s)', async (query) => {
      const { spy, asked, release } = holdPages(new Error('the store is gone'));
      const socket = await open(`/reports/export.csv?columns=to${query}`);
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      await asked(1);
      release();
      await asked(2);
      release();
      await closed;
      const text = Buffer.concat(chunks).toString('latin1');
      expect(text).toContain('HTTP/1.1 200 OK');
      expect(text.endsWith('0\r\n\r\n')).toBe(false);
      spy.mockRestore();
    });

    it('reads on only as fast as the client does', async () => {
      const repository = gateway.get(SearchRepository);
      const spy = jest.spyOn(repository, 'step');
      const many = await newClient();
      const text = 'x'.repeat(1500);
      for (let i = 0; i < 3; i++)
        await accept(many.client, {
          text,
          agent_id: shop.phone.agentId,
          messages: Array.from({ length: 5000 }, (_, n) => ({ to: numberOf(n) })),
        });
      key = many.key;
      const socket = await open('/reports/export.csv?columns=message_id,text');
      await once(socket, 'data');
      socket.pause();
      let before = -1;
      // 22 MB are to come; what the sockets' buffers hold is read, and then no more.
      await waitFor(
        () => {
          const now = spy.mock.calls.length;
          const stands = now === before;
          before = now;
          expect(stands).toBe(true);
        },
        { interval: 100, timeout: 5000 },
      );
      expect(before).toBeLessThan(30);
      socket.destroy();
      spy.mockRestore();
    });
  });
});
