import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Claims } from '../../src/messages/claims.js';
import { TestGateway } from '../support/gateway.js';
import { registerPhone } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

/** Node would wait a minute for a connection that is said to be busy. */
const SOON_MILLIS = 5000;

describe('a stopping gateway', () => {
  let gateway: TestGateway;
  const sockets: Socket[] = [];

  async function open(text: string): Promise<Socket> {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (text) socket.write(text);
    return socket;
  }

  beforeEach(async () => {
    gateway = await TestGateway.start();
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  it.each([
    ['that never asked for anything', ''],
    ['that has begun to ask', 'GET /health HTTP/1.1\r\nHost: x\r\n'],
    ['that has been answered and is kept', 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('doesn’t wait for a connection %s', async (_, text) => {
    const socket = await open(text);
    if (text.endsWith('\r\n\r\n')) await once(socket, 'data');
    else await gateway.api.get('/health');
    const closed = once(socket.resume(), 'close');
    const began = performance.now();
    await gateway.stop();
    expect(performance.now() - began).toBeLessThan(SOON_MILLIS);
    await closed;
  });

  it('answers the request that runs, and then waits no longer for its connection', async () => {
    const phone = await registerPhone(gateway);
    const claims = gateway.get(Claims);
    let goOn = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      jest.spyOn(claims, 'claim').mockImplementation(async () => {
        resolve();
        await new Promise<void>((go) => (goOn = go));
        return [];
      });
    });
    const answer = phone.api.get('/agent/jobs/next');
    await asked;
    const stopped = gateway.stop();
    await waitFor(() => expect(open('')).rejects.toThrow('ECONNREFUSED'));
    const began = performance.now();
    goOn();
    expect((await answer).status).toBe(200);
    await stopped;
    expect(performance.now() - began).toBeLessThan(SOON_MILLIS);
  });

  it('tells who asks on a connection that is still busy to come back, in the shape of every error', async () => {
    const phone = await registerPhone(gateway);
    let goOn = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      jest.spyOn(gateway.get(Claims), 'claim').mockImplementation(async () => {
        resolve();
        await new Promise<void>((go) => (goOn = go));
        return [];
      });
    });
    const socket = await open(
      `GET /agent/jobs/next HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${phone.token}\r\n\r\n`,
    );
    let received = '';
    socket.on('data', (bytes) => (received += String(bytes)));
    await asked;
    const stopped = gateway.stop();
    await waitFor(() => expect(open('')).rejects.toThrow('ECONNREFUSED'));
    socket.write('GET /requests HTTP/1.1\r\nHost: x\r\n\r\n');
    goOn();
    await once(socket, 'close');
    await stopped;
    const [first, second] = received.split(/(?=HTTP\/1\.1 )/);
    expect(first).toMatch(/^HTTP\/1\.1 200 /);
    expect(second).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 2\r\n/);
    expect(JSON.parse(second!.split('\r\n\r\n')[1]!)).toEqual({
      success: false,
      error: 503,
      code: 'stopping',
      message: expect.stringContaining('again'),
      details: [],
      request_id: expect.stringMatching(/\S/),
    });
  });
});
