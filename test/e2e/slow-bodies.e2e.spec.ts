import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BodyWatch } from '../../src/common/http/body-watch.js';
import type { ImportDoc } from '../../src/imports/import.js';
import { TestGateway } from '../support/gateway.js';
import { numberOf } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

const MINUTE = 60_000;

describe('bodies that are slow', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let stopped = false;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0' });
    shop = await openShop(gateway);
    stopped = false;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const socket of sockets.splice(0)) socket.destroy();
    if (!stopped) await gateway.stop();
  });

  /** A head, and so much of a body that never ends. */
  async function begin(
    path: string,
    headers: Record<string, string>,
    part = '{"a":',
  ): Promise<{ closed: Promise<string>; socket: Socket }> {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    sockets.push(socket);
    const lines = Object.entries({
      host: 'x',
      'content-type': 'application/json',
      'content-length': '1000',
      ...headers,
    });
    socket.write(
      `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${part}`,
    );
    let answer = '';
    socket.setEncoding('utf8').on('data', (piece) => (answer += piece));
    socket.on('error', () => undefined);
    const closed = once(socket, 'close').then(() => answer);
    await waitFor(() => expect(gateway.get(BodyWatch)['open'].size).toBe(sockets.length));
    return { closed, socket };
  }
  const sweepIn = (millis: number) => gateway.get(BodyWatch).sweep(performance.now() + millis);

  it('that don’t arrive within a minute are refused, and their connection is cut', async () => {
    const { closed } = await begin('/requests', shop.client.credentials);
    sweepIn(MINUTE - 1000);
    expect(gateway.get(BodyWatch)['open'].size).toBe(1);
    sweepIn(MINUTE + 1);
    const answer = await closed;
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ success: false, code: 'body_timeout' });
  });

  it('that are files have a minute without progress', async () => {
    const csv = { ...shop.client.credentials, 'content-type': 'text/csv', 'content-length': '100000' };
    const query = `template_id=${shop.templateId}&agent_id=${shop.phone.agentId}`;
    const { closed, socket } = await begin(`/requests/import?${query}`, csv, 'to,CODE\n');
    const [unfinished] = gateway.get(BodyWatch)['open'].values();
    const before = unfinished!.bytes;
    sweepIn(MINUTE - 1000);
    socket.write(`${numberOf(0)},1\n`);
    await waitFor(() => {
      sweepIn(MINUTE - 1000);
      expect(unfinished!.bytes).toBeGreaterThan(before);
    });
    sweepIn(2 * MINUTE - 3000);
    expect(gateway.get(BodyWatch)['open'].size).toBe(1);
    sweepIn(3 * MINUTE);
    await closed;
    expect(await gateway.store.collection<ImportDoc>('imports').count({ status: { $ne: 'staging' } })).toBe(0);
  });

  it('that never end don’t hold a stop open', async () => {
    const begun = [];
    for (let i = 0; i < 20; i++) begun.push(await begin('/requests', shop.client.credentials));
    const since = performance.now();
    stopped = true;
    await gateway.stop();
    expect(performance.now() - since).toBeGreaterThan(4000);
    expect(performance.now() - since).toBeLessThan(15_000);
    for (const { closed } of begun) expect(await closed).toMatch(/^HTTP\/1.1 503 /);
  });
});
