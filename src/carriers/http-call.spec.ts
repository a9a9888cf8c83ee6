import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { httpCall, jsonOf, retryAfter, type HttpAnswer } from './http-call.js';

let server: Server | null = null;
afterEach(async () => {
  server?.closeAllConnections();
  if (server) await once(server.close(), 'close');
  server = null;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const post = (url: string, signal = new AbortController().signal) =>
  httpCall({ method: 'POST', url, headers: { 'content-type': 'text/plain' }, body: 'a text', signal });

describe('an HTTP call', () => {
  it('is unsent where nobody listens, where no such name is, and once it is aborted', async () => {
    expect(await post('http://127.0.0.1:1')).toEqual({ kind: 'unsent', code: 'ECONNREFUSED' });
    expect(await post('http://nobody.invalid')).toMatchObject({ kind: 'unsent' });
    expect(await post('http://127.0.0.1:1', AbortSignal.abort())).toEqual({ kind: 'unsent', code: 'aborted' });
  });

  it('is unsent where no TLS comes about: then no byte of it was written', async () => {
    let asked = 0;
    const url = await serve(() => asked++);
    expect(await post(url.replace('http:', 'https:'))).toMatchObject({ kind: 'unsent' });
    expect(asked).toBe(0);
  });

  it('is unknown when the connection is lost before the answer, also one that was used before', async () => {
    let calls = 0;
    const url = await serve((request, response) => {
      if (++calls === 2) request.socket.destroy();
      else response.end('taken');
    });
    expect(await post(url)).toMatchObject({ kind: 'answered', status: 200 });
    expect(await post(url)).toEqual({ kind: 'unknown', code: 'ECONNRESET' });
    expect(calls).toBe(2);
  });

  it('is answered once the status has come, even if the body breaks off', async () => {
    const url = await serve((_, response) => {
      response.writeHead(201, { 'content-length': 100 });
      response.write('{"sid":', () => setImmediate(() => response.destroy()));
    });
    expect(await post(url)).toMatchObject({ kind: 'answered', status: 201, body: '{"sid":' });
  });

  it('waits for an answer longer than for the next call on an idle connection, which it closes itself', async () => {
    const url = await serve((_, response) => setTimeout(() => response.end('late'), 2500));
    const closed = once(server!, 'connection').then(([socket]) => once(socket, 'end'));
    expect(await post(url)).toMatchObject({ kind: 'answered', body: 'late' });
    // Node's own server would close it after five seconds.
    const before = performance.now();
    await closed;
    expect(performance.now() - before).toBeLessThan(4000);
  });

  it('follows no redirect, and reads no more than it can use', async () => {
    const url = await serve((_, response) => {
      response.writeHead(307, { location: 'http://127.0.0.1:1' });
      response.end(Buffer.alloc(9 * 1024 * 1024));
    });
    const answer = await post(url);
    expect(answer).toMatchObject({ kind: 'answered', status: 307 });
    expect((answer as HttpAnswer).body.length).toBeLessThanOrEqual(8 * 1024 * 1024);
  });

  it('uses no proxy that the environment names', async () => {
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = 'http://127.0.0.1:1';
    try {
      const url = await serve((_, response) => response.end('direct'));
      expect(await post(url)).toMatchObject({ kind: 'answered', body: 'direct' });
    } finally {
      names.forEach((name, i) => {
        if (before[i] === undefined) delete process.env[name];
        else process.env[name] = before[i];
      });
    }
  });
});

describe('an answer', () => {
  const now = new Date('2026-11-21T10:00:00Z');
  const answer = (headers: HttpAnswer['headers'], body = ''): HttpAnswer => ({
    kind: 'answered',
    status: 429,
    headers,
    body,
  });

  it.each([
    ['7', 7],
    ['0', 0],
    ['Sat, 21 Nov 2026 10:01:30 GMT', 90],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    [undefined, undefined],
  ])('asks for patience by Retry-After: %s', (given, seconds) => {
    expect(retryAfter(answer({ 'retry-after': given }), now)).toBe(seconds);
  });

  it.each(['', '{', '[]', 'null', '"text"', '12'])('has no fields when its body is %s', (body) => {
    expect(jsonOf(answer({}, body))).toEqual({});
  });
});
