import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newSecrets } from '../../config/generated-secrets.js';
import { loadConfig } from '../../config/load-config.js';
import { HttpOut } from './http-out.js';
import { isPublic } from './public-addresses.js';
import { newWebhookSecret, WEBHOOK_SECRET, webhookHeaders } from './webhook-signature.js';

let server: Server | null = null;
afterEach(async () => {
  server?.closeAllConnections();
  if (server) await once(server.close(), 'close');
  server = null;
});

async function serve(listener: RequestListener): Promise<number> {
  server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

const httpOut = (env: Record<string, string>) => new HttpOut(loadConfig(env));
const inProduction = (more: Record<string, string> = {}) =>
  httpOut({ APP_ENV: 'production', ...newSecrets(), ...more } as Record<string, string>);
const post = (out: HttpOut, url: string, signal = new AbortController().signal) =>
  out.call({ method: 'POST', url, headers: {}, body: '{}', signal });

const PRIVATE = `
  127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 224.0.0.1 255.255.255.255
  169.254.169.254 100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 fd00:ec2::254
  :: ::1 fe80::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: nobody
`
  .trim()
  .split(/\s+/);

describe('an address', () => {
  it.each(PRIVATE)('%s is not public', (address) => expect(isPublic(address)).toBe(false));
  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is', (address) =>
    expect(isPublic(address)).toBe(true),
  );
});

describe('a URL that a tenant gives', () => {
  it.each([
    ['ftp://example.com/', /https/],
    ['example.com/hook', /https/],
    ['javascript:alert(1)', /https/],
    ['https://user:secret@example.com/', /user name/],
    ['https://user@example.com/', /user name/],
    [`https://example.com/${'a'.repeat(2000)}`, /characters/],
  ])('is refused: %s', (url, why) => expect(httpOut({}).problemOf(url)).toMatch(why));

  it('is no address of this machine or of its network in production, however it is written', () => {
    const hosts = ['127.0.0.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:7f00:1]', '169.254.169.254', '10.0.0.7'];
    for (const host of hosts) {
      expect(inProduction().problemOf(`http://${host}/hook`)).toMatch(/private network/);
      expect(inProduction({ WEBHOOK_ALLOW_PRIVATE: 'true' }).problemOf(`http://${host}/hook`)).toBeNull();
      expect(httpOut({}).problemOf(`http://${host}/hook`)).toBeNull();
      expect(httpOut({ WEBHOOK_ALLOW_PRIVATE: '0' }).problemOf(`http://${host}/hook`)).not.toBeNull();
    }
    expect(inProduction().problemOf('https://hooks.example.com/sms?key=1')).toBeNull();
  });
});

describe('a call to it', () => {
  it('reaches no private address in production, neither by a number nor by a name', async () => {
    let calls = 0;
    const port = await serve((_, response) => {
      calls++;
      response.end();
    });
    for (const host of ['127.0.0.1', 'localhost'])
      expect(await post(inProduction(), `http://${host}:${port}/`)).toEqual({ kind: 'unsent', code: 'EPRIVATE' });
    expect(calls).toBe(0);
    const allowed = inProduction({ WEBHOOK_ALLOW_PRIVATE: '1' });
    expect(await post(allowed, `http://localhost:${port}/`)).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('follows no redirect', async () => {
    const paths: string[] = [];
    const port = await serve(({ url }, response) => {
      paths.push(url!);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await post(httpOut({}), `http://127.0.0.1:${port}/hook`)).toMatchObject({ kind: 'answered', status: 307 });
    expect(paths).toEqual(['/hook']);
  });

  it('reads 64 KiB at most of the answer', async () => {
    const port = await serve((_, response) => response.end('x'.repeat(1024 * 1024)));
    const answer = await post(httpOut({}), `http://127.0.0.1:${port}/`);
    expect((answer as { body: string }).body.length).toBeLessThanOrEqual(64 * 1024);
  });
});

describe('a signature', () => {
  it('is what the library of the specification’s authors takes', () => {
    const secret = newWebhookSecret();
    expect(secret).toMatch(WEBHOOK_SECRET);
    const body = JSON.stringify({ text: 'Xin chào 👋' });
    const headers = webhookHeaders(secret, 'inb_1', new Date(), body);
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature');
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow('No matching signature');
  });

  it('takes keys of 24 to 64 bytes', () => {
    const of = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
    for (const bytes of [24, 25, 32, 64]) expect(of(bytes)).toMatch(WEBHOOK_SECRET);
    for (const bytes of [0, 16, 23, 66]) expect(of(bytes)).not.toMatch(WEBHOOK_SECRET);
    expect('a-shared-secret').not.toMatch(WEBHOOK_SECRET);
  });
});
