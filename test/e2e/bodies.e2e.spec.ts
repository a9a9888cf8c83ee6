import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Preparation } from '../../src/requests/preparation.js';
import { expectError } from '../support/expect-error.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { messagesTo, requestOf } from '../support/sending.js';
import { createKey, openShop, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

const LARGE = 300 * 1024;

describe('bodies', () => {
  let gateway: TestGateway;
  let shop: Shop;
  beforeEach(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0' });
    shop = await openShop(gateway);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.stop();
  });

  it('of public routes are small, whether they say their length or not', async () => {
    const login = (bytes: number) => ({ ...ADMIN, x: 'x'.repeat(bytes) });
    expectError(await gateway.api.post('/auth/login', login(60 * 1024)), 400, 'invalid_request', 'x');
    for (const path of ['/auth/login', '/agent/register'])
      expectError(await gateway.api.post(path, login(64 * 1024)), 413, 'body_too_large');
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(JSON.stringify(login(64 * 1024))));
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/json' };
    const unsaid = await fetch(`${gateway.url}/auth/login`, {
      method: 'POST',
      body: stream,
      headers,
      duplex: 'half',
    } as RequestInit);
    expect(unsaid.status).toBe(413);
  });

  it.each([
    ['brackets', '['.repeat(4_000_000), 400],
    ['fields that nobody knows', `{${Array.from({ length: 400_000 }, (_, i) => `"f${i}":0`).join()}}`, 400],
    ['values', `{"messages":[${'0,'.repeat(1_000_000)}0]}`, 413],
  ])('of too many %s are refused before they are parsed', async (_, body, status) => {
    const parse = jest.spyOn(JSON, 'parse');
    const answer = await shop.client.post('/requests', body);
    expectError(answer, status, status === 413 ? 'body_too_complex' : 'invalid_request');
    expect(parse.mock.calls.filter(([text]) => String(text).length > 100_000)).toEqual([]);
  });

  describe('that are large', () => {
    const large = () =>
      requestOf(shop, messagesTo(1), { metadata: { note: 'x' }, client_reference: 'r', text: undefined });
    const padded = () => JSON.stringify(large()) + ' '.repeat(LARGE);

    it('go one at a time for each key, and hold nobody else', async () => {
      const other = gateway.api.withKey((await createKey(shop.admin, ['sms:send'])).plain_key);
      const preparation = gateway.get(Preparation);
      const prepare = preparation.prepare.bind(preparation);
      const waiting: (() => void)[] = [];
      const spy = jest.spyOn(preparation, 'prepare').mockImplementation(async (...given) => {
        await new Promise<void>((go) => waiting.push(go));
        return prepare(...given);
      });
      const mine = Array.from({ length: 3 }, () => shop.client.post('/requests', padded()));
      const theirs = other.post('/requests', padded());
      const small = shop.client.post('/requests', large());
      await waitFor(() => expect(waiting).toHaveLength(3));
      for (let i = 0; i < 5; i++) {
        await waitFor(() => expect(waiting.length).toBeGreaterThan(i));
        waiting[i]!();
      }
      const answers = await Promise.all([...mine, theirs, small]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
      expect(spy).toHaveBeenCalledTimes(5);
    });

    it('are told to come again when many of one key wait', async () => {
      let goOn = (): void => undefined;
      const held = new Promise<void>((go) => (goOn = go));
      const preparation = gateway.get(Preparation);
      const prepare = preparation.prepare.bind(preparation);
      jest.spyOn(preparation, 'prepare').mockImplementation(async (...given) => held.then(() => prepare(...given)));
      const all = Array.from({ length: 8 }, () => shop.client.post('/requests', padded()));
      const refused = await Promise.any(all);
      expectError(refused, 429, 'large_bodies');
      expect(refused.headers.get('retry-after')).toBe('1');
      goOn();
      const statuses = (await Promise.all(all)).map(({ status }) => status).sort();
      expect(statuses).toEqual([201, 201, 201, 201, 201, 429, 429, 429]);
    });
  });
});
