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
});
