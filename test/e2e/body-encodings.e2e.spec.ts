import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { messagesTo, requestOf } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';

const CODE = 'Caf\u00e9';
const LATIN_1 = { 'content-type': 'application/json; charset=iso-8859-1' };

describe('a body in another encoding', () => {
  let gateway: TestGateway;
  let shop: Shop;
  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0' });
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  const text = () => JSON.stringify(requestOf(shop, messagesTo(1, CODE)));
  const send = async (
    body: string | Buffer | ReadableStream,
    headers: Record<string, string> = {},
    path = '/requests',
  ) => {
    const all = { 'content-type': 'application/json', ...shop.client.credentials, ...headers };
    const init = { method: 'POST', headers: all, body, duplex: 'half' } as unknown as RequestInit;
    const response = await fetch(gateway.url + path, init);
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const answer: any = isJson ? await response.json() : await response.text();
    return { status: response.status, headers: response.headers, body: answer };
  };

  it.each([0, 4000])('is refused and nothing of it stored (%i bytes more)', async (more) => {
    const before = (await shop.client.get('/messages/all')).body.count;
    const bytes = Buffer.from(text() + ' '.repeat(more), 'latin1');
    const chunks = new ReadableStream({
      start(controller) {
        for (const at of [0, 1, 2])
          controller.enqueue(bytes.subarray((at * bytes.length) / 3, ((at + 1) * bytes.length) / 3));
        controller.close();
      },
    });
    for (const body of [bytes, chunks]) {
      const answer = await send(body);
      expectError(answer, 400, 'invalid_encoding');
      expect(answer.body.message).toContain('UTF-8');
    }
    expect((await shop.client.get('/messages/all')).body.count).toBe(before);
    const sent = await send(Buffer.from(text() + ' '.repeat(more)));
    expect(sent.status).toBe(201);
    const { body } = await shop.client.get(`/messages?request_id=${sent.body.request_id}`);
    expect(body.items[0].text).toContain(CODE);
  });

  it('that says so is refused in words, whatever is in it', async () => {
    for (const body of [Buffer.from(text(), 'latin1'), Buffer.from(text())]) {
      const answer = await send(body, LATIN_1);
      expectError(answer, 415, 'unsupported_media_type');
      expect(answer.body.message).toBe(
        'This route takes UTF-8, and not iso-8859-1. Send the body in UTF-8, and nothing else as its charset.',
      );
    }
    for (const type of [
      'application/json;charset="UTF-8"',
      'application/json; charset=utf8',
      'Application/JSON; CharSet=us-ascii',
    ])
      expect((await send(text(), { 'content-type': type })).status).toBe(201);
  });

  it.each(['gzip', 'br', 'deflate', 'GZIP, identity'])(
    'or compressed with %s is refused in words',
    async (encoding) => {
      for (const path of ['/requests', '/auth/login', '/agent/register', '/carriers/twilio/inbound']) {
        const answer = await send(text(), { 'content-encoding': encoding }, path);
        expect(answer.status).toBe(415);
        if (path === '/requests')
          expect(answer.body.message).toBe(
            `Bodies are not taken compressed (Content-Encoding: ${encoding}). Send it without.`,
          );
      }
      expect((await send(text(), { 'content-encoding': 'identity' })).status).toBe(201);
    },
  );

  it('is refused in forms, as bytes and percent-encoded', async () => {
    const form = (body: string | Buffer | ReadableStream) =>
      send(body, { 'content-type': 'application/x-www-form-urlencoded' }, '/login');
    for (const body of ['username=Caf%E9&password=x', 'username=%ED%A0%BD', Buffer.from('username=Café', 'latin1')]) {
      expectError(await form(body), 400, 'invalid_encoding');
    }
    for (const body of ['username=Caf%C3%A9&password=100%', 'username=Café'])
      expect((await form(body)).body.code).not.toBe('invalid_encoding');
  });

  it('is refused in the fields of an upload', async () => {
    const part = (name: string, value: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const file = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nto\r\n--x--\r\n`;
    const answer = await send(
      Buffer.from(part('client_reference', CODE) + file, 'latin1'),
      {
        'content-type': 'multipart/form-data; boundary=x',
      },
      '/requests/import',
    );
    expectError(answer, 400, 'invalid_request', 'client_reference');
    expect(answer.body.message).toContain('UTF-8');
  });

  it('is refused in URLs', async () => {
    for (const path of ['/templates/Caf%E9', '/templates/%ED%A0%BD'])
      expectError(await shop.admin.get(path), 400, 'invalid_url');
    for (const [path, field] of [
      ['/messages/all?to=%E9', 'to'],
      ['/health?a=1&b=x%C3', 'b'],
      ['/inbound-messages?from=%ED%A0%BD', 'from'],
    ] as const) {
      const answer = await shop.admin.get(path);
      expectError(answer, 400, 'invalid_request', field);
      expect(answer.body.message).toBe(`${field}: is not percent-encoded UTF-8: é is %C3%A9 and not %E9`);
    }
    expectError(await shop.admin.get('/health?%E9=1'), 400, 'invalid_request', '');
    expect((await gateway.api.get('/health?a=%C3%A9&b=100%')).status).toBe(200);
  });

  it('a number that would arrive as another one is refused, and nothing is stored', async () => {
    const before = (await shop.client.get('/messages/all')).body.count;
    const withCode = (code: string) => text().replace(JSON.stringify(CODE), code);
    for (const code of ['9007199254740993', '1e400', '12.50']) {
      const answer = await send(withCode(code));
      expectError(answer, 400, 'invalid_request', 'messages.0.variables.CODE');
      expect(answer.body.message).toMatch(/; send it as a string$/);
    }
    const metadata = JSON.stringify({ ...requestOf(shop, messagesTo(1)), metadata: { order: 0 } });
    expectError(await send(metadata.replace(':0}', ':9007199254740993}')), 400, 'invalid_request', 'metadata.order');
    expect((await shop.client.get('/messages/all')).body.count).toBe(before);
    for (const code of ['"9007199254740993"', '"12.50"', '12.5', '3.0']) {
      const { request_id } = (await send(withCode(code))).body;
      const { body } = await shop.client.get(`/messages?request_id=${request_id}`);
      expect(body.items[0].text).toContain(code.replaceAll('"', '').replace(/\.0$/, ''));
    }
  });

  it('half of a character is refused in whatever is stored', async () => {
    const half = '"x\\ud83d"';
    for (const [path, body, field] of [
      ['/templates', `{"name":${half},"content":"a"}`, 'name'],
      ['/templates', `{"name":"a","content":${half}}`, 'content'],
      ['/admin/api-keys', `{"client_name":${half}}`, 'client_name'],
      ['/admin/settings', `{"org_name":${half}}`, 'org_name'],
    ] as const) {
      const answer = await shop.admin.call(path.endsWith('settings') ? 'PUT' : 'POST', path, body);
      expectError(answer, 400, 'invalid_request', field);
    }
    for (const [key, value] of [
      ['CODE', half],
      ['CODE', '"\\ude00"'],
    ] as const)
      expectError(
        await send(text().replace(`"${key}":"${CODE}"`, `"${key}":${value}`)),
        400,
        'invalid_request',
        'messages.0.variables.CODE',
      );
    const whole = await send(text().replace(JSON.stringify(CODE), '"\\ud83d\\ude00"'));
    expect(whole.status).toBe(201);
  });
});
