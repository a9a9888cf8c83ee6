import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectError } from '../support/expect-error.js';
import { ADMIN, TestGateway } from '../support/gateway.js';

const ADMIN_WRONG = { ...ADMIN, password: 'wrong-password' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('the HTTP side', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  it('answers with and without the prefix, which is a whole word', async () => {
    for (const path of ['/health', '/sms/health', '/sms/health?x=1']) {
      expect(await gateway.api.get(path)).toMatchObject({ status: 200, body: { status: 'ok' } });
    }
    for (const path of ['/smss/health', '/sms/sms/health', '/sm/health', '/smshealth', '/SMS/health'])
      expectError(await gateway.api.get(path), 404, 'route_not_found');
  });

  it('takes slashes at the end and doubled ones for one or none, on every route', async () => {
    for (const path of [
      '//health',
      '/health/',
      '/health//',
      '//sms//health//',
      '///sms/health/?x=//',
      '/sms//health?x=1',
    ])
      expect(await gateway.api.get(path)).toMatchObject({ status: 200, body: { status: 'ok' } });
    for (const path of ['//templates//tpl_1', '/sms//templates/', '//messages//all/'])
      expectError(await gateway.api.get(path), 401, 'unauthenticated');
    expectError(await gateway.api.post('//auth//login/', ADMIN_WRONG), 401, 'unauthenticated');
    expectError(await gateway.api.call('PUT', '//templates//'), 405, 'method_not_allowed');
    expect((await gateway.api.get('//')).status).toBe((await gateway.api.get('/')).status);
    for (const path of ['/health/%2F', '/%2Fhealth']) expectError(await gateway.api.get(path), 404, 'route_not_found');
    const page = (path: string) => fetch(gateway.url + path, { headers: { accept: 'text/html' }, redirect: 'manual' });
    for (const path of ['/preference', '/preference/', '//preference', '/sms//preference//', '//sms/preference//']) {
      const { status, headers } = await page(path);
      const login = new URL(headers.get('location')!, gateway.url + path).pathname;
      expect({ path, status, login: (await gateway.api.get(login)).status }).toEqual({ path, status: 303, login: 200 });
    }
  });

  it('knows no other routes, and says where to look', async () => {
    for (const path of ['/nowhere', '/sms/nowhere', '/templates/a/b/c', '/auth', '/.env'])
      expectError(await gateway.api.get(path), 404, 'route_not_found');
    expectError(await gateway.api.post('/nowhere', { a: 1 }), 404, 'route_not_found');
  });

  it.each([
    ['PUT', '/templates', 'GET, HEAD, POST'],
    ['PATCH', '/sms/templates', 'GET, HEAD, POST'],
    ['POST', '/templates/tpl_1', 'DELETE, GET, HEAD, PUT'],
    ['GET', '/auth/login', 'POST'],
    ['DELETE', '/admin/users', 'GET, HEAD, POST'],
    ['PUT', '/admin/users/usr_1', 'DELETE, GET, HEAD, PATCH'],
    ['OPTIONS', '/templates', 'GET, HEAD, POST'],
    ['POST', '/health', 'GET, HEAD'],
  ])('says which methods a path has: %s %s', async (method, path, allow) => {
    const answer = await gateway.api.call(method, path);
    expectError(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('takes the caller’s request id, when it is fit for a log line', async () => {
    const ask = (id: string) => gateway.api.get('/templates', { headers: { 'x-request-id': id } });
    for (const id of ['abc-123', 'A'.repeat(128), 'trace/1:2+3=4._x']) {
      const answer = await ask(id);
      expectError(answer, 401, 'unauthenticated');
      expect(answer.headers.get('x-request-id')).toBe(id);
    }
    for (const id of ['a b', 'A'.repeat(129), '<script>', 'é']) {
      const answer = await ask(id);
      expectError(answer, 401, 'unauthenticated');
      expect(answer.headers.get('x-request-id')).toMatch(UUID);
    }
  });

  it('makes a request id for every answer', async () => {
    const ids = await Promise.all(
      ['/health', '/nowhere', '/templates', '/schema/openapi.json', '/%00'].map(async (path) =>
        (await gateway.api.get(path)).headers.get('x-request-id')!,
      ),
    );
    for (const id of ids) expect(id).toMatch(UUID);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([
    ['/health', 'DENY', /^default-src 'none'/],
    ['/nowhere', 'DENY', /^default-src 'none'/],
    ['/templates', 'DENY', /^default-src 'none'/],
    ['/%00', 'DENY', /^default-src 'none'/],
    ['/schema/ReDoc', 'SAMEORIGIN', /default-src 'self'/],
    ['/schema/swagger-ui', 'SAMEORIGIN', /default-src 'self'/],
  ])('sends safe headers: %s', async (path, frames, policy) => {
    const { headers } = await gateway.api.get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe(frames);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toMatch(policy);
    expect(headers.get('content-security-policy')).not.toMatch(/https?:|\*/);
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('tells its health', async () => {
    expect((await gateway.api.get('/health')).body).toEqual({ status: 'ok' });
    expect((await gateway.api.get('/health/live')).body).toEqual({ status: 'ok' });
    const ready = await gateway.api.get('/sms/health/ready');
    expect(ready).toMatchObject({ status: 200, body: { status: 'ok', store: gateway.store.kind } });
  });

  it('isn’t ready while the store doesn’t answer, and is again when it does', async () => {
    const { store } = gateway;
    const ping = store.ping.bind(store);
    store.ping = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7'));
    const answer = await gateway.api.get('/health/ready');
    expectError(answer, 503, 'store_unreachable');
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.7');
    expect((await gateway.api.get('/health/live')).status).toBe(200);
    store.ping = ping;
    expect((await gateway.api.get('/health/ready')).status).toBe(200);
  });
});
