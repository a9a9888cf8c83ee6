import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PrincipalSource } from '../../src/auth/principal-source.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson } from '../support/people.js';
import { codes, openShop, type Shop } from '../support/shop.js';

/** The first line of the answer to a request of which only the head arrives. */
function answerToHead(url: string, path: string, headers: Record<string, string>): Promise<string> {
  const { hostname, port } = new URL(url);
  const all = { host: 'x', 'content-type': 'application/json', 'content-length': String(7 * 1024 * 1024), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write([`POST ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n')),
    );
    socket.on('error', reject).once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString().split('\r\n')[0]!);
    });
  });
}

describe('who may not call', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway, { scopes: ['sms:read'] });
  });
  afterAll(() => gateway.stop());
  afterEach(() => void jest.restoreAllMocks());

  it.each(['/requests', '/sms/requests', '/%72equests'])('is told so on %s before a byte of the body', async (path) => {
    const viewer = (await addPerson(gateway, shop.admin, 'viewer')).api;
    const refused = async (headers: Record<string, string>) => answerToHead(gateway.url, path, headers);
    expect(await refused({})).toBe('HTTP/1.1 401 Unauthorized');
    expect(await refused({ 'x-api-key': 'tlk_nobody' })).toBe('HTTP/1.1 401 Unauthorized');
    expect(await refused({ authorization: 'Bearer no.bo.dy' })).toBe('HTTP/1.1 401 Unauthorized');
    expect(await refused(shop.client.credentials)).toBe('HTTP/1.1 403 Forbidden');
    expect(await refused(shop.phone.api.credentials)).toBe('HTTP/1.1 403 Forbidden');
    expect(await refused(viewer.credentials)).toBe('HTTP/1.1 403 Forbidden');
  });

  it('is told so in the one shape, whatever the body is', async () => {
    for (const body of ['{', 'x'.repeat(9 * 1024 * 1024)]) {
      const { status, headers, body: told } = await gateway.api.post('/requests', body);
      expect([status, told.code, told.request_id]).toEqual([401, 'unauthenticated', headers.get('x-request-id')]);
    }
  });

  it('is asked who they are once for each call that is let in', async () => {
    const asked = jest.spyOn(gateway.get(PrincipalSource), 'authenticate');
    expect((await shop.admin.post('/requests', codes(shop, 'once'))).status).toBe(201);
    expect((await shop.client.get('/messages/all')).status).toBe(200);
    expect(asked).toHaveBeenCalledTimes(2);
  });
});
