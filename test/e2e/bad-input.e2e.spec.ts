import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { rawHttp } from '../support/raw-http.js';

const MIB = 1024 * 1024;

describe('bad input', () => {
  let gateway: TestGateway;
  let admin: Api;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());

  it.each(['{', '{"name":}', "{'name':'a'}", '{"a":1}x', 'undefined', '[1,', '\u0001', '{"a":"\n"}', 'NaN'])(
    'that is no JSON is named so: %j',
    async (body) => {
      expectError(await admin.post('/templates', body), 400, 'invalid_json');
    },
  );

  it.each(['[]', '[{"name":"a","content":"b"}]', '"text"', '7', 'true'])('%s is no body', async (body) => {
    const answer = await admin.post('/templates', body);
    expectError(answer, 400, 'invalid_request');
    expect(answer.body.message).toContain('must be an object');
  });

  it.each(['null', ''])('an empty body (%j) is asked for', async (body) => {
    expectError(await admin.post('/templates', body), 400, 'empty_body');
    expectError(await gateway.api.post('/auth/login', body), 400, 'empty_body');
  });

  it('every wrong field is named, each once', async () => {
    const body = { name: 7, content: null, extra: 1, another: 2 };
    expectError(await admin.post('/templates', body), 400, 'invalid_request', 'name', 'content', 'extra', 'another');
  });

  it.each([
    ['/templates', { name: ' ', content: 'a' }, 'name', 'must not be blank'],
    ['/templates', { name: '', content: 'a' }, 'name', 'must not be empty'],
    ['/admin/api-keys', { client_name: '\n' }, 'client_name', 'must not be blank'],
    ['/admin/tenants', { slug: 'A B', name: 'a' }, 'slug', 'must be lower-case letters, digits and hyphens'],
  ])('what a text has to look like is told in words: %s %j', async (path, body, field, message) => {
    const answer = await admin.post(path, body);
    expectError(answer, 400, 'invalid_request', field);
    expect(answer.body.message).toBe(`${field}: ${message}`);
  });

  it('an id in a path that nobody could have made is as unknown as any other', async () => {
    for (const id of ['tpl_1', '%20', '-1', 'x'.repeat(199)]) {
      expectError(await admin.get(`/templates/${id}`), 404, 'template_not_found');
    }
  });

  it.each([
    ['POST', '/auth/login', { username: { $ne: null }, password: { $ne: null } }, ['username', 'password']],
    ['POST', '/auth/login', { username: 'admin', password: { $regex: '.*' } }, ['password']],
    ['POST', '/templates', { name: { $gt: '' }, content: ['a'] }, ['content', 'name']],
    ['POST', '/admin/api-keys', { client_name: { $ne: null } }, ['client_name']],
    ['POST', '/admin/tenants', { slug: { $ne: null }, name: 'a' }, ['slug']],
    ['POST', '/admin/users', { username: 'a', password: ['x'.repeat(12)], role: 'viewer' }, ['password']],
    ['PUT', '/admin/settings', { org_name: { $set: 1 } }, ['org_name']],
    ['PUT', '/admin/settings', { 'chosen.org_name': 'a' }, ['chosen.org_name']],
    ['PUT', '/admin/settings', { $set: { tenant_id: 'x' } }, ['$set']],
    ['POST', '/agent/register', { device_id: { $ne: null } }, ['device_id']],
    ['POST', '/agent/register', { device_id: 'a', tenant: { $ne: null } }, ['tenant']],
  ])('operators of the store are no values: %s %s %j', async (method, path, body, fields) => {
    expectError(await admin.call(method, path, body), 400, 'invalid_request', ...fields);
  });

  it.each([
    ['/templates?approved[$ne]=1', 'approved[$ne]'],
    ['/admin/audit-logs?action[$ne]=LOGIN', 'action[$ne]'],
    ['/admin/audit-logs?action=LOGIN&action=CREATE_USER', 'action'],
    ['/templates?unknown=1', 'unknown'],
    ['/templates?limit=1&limit=2', 'limit'],
    ['/templates?limit=', 'limit'],
    ['/templates?limit=0', 'limit'],
    ['/templates?limit=501', 'limit'],
    ['/templates?limit=-1', 'limit'],
    ['/templates?limit=1.5', 'limit'],
    ['/templates?limit=1e400', 'limit'],
    ['/templates?limit=99999999999999999999', 'limit'],
    ['/templates?limit=abc', 'limit'],
    ['/templates?skip=-1', 'skip'],
    ['/templates?skip=100001', 'skip'],
    ['/templates?cursor=abc', 'cursor'],
    ['/templates?cursor=', 'cursor'],
    [`/templates?cursor=${'a'.repeat(201)}`, 'cursor'],
    [`/templates?cursor=${Buffer.from('{"$gt":""}').toString('base64url')}`, 'cursor'],
    ['/templates?__proto__=1', '__proto__'],
    ['/templates?constructor=1', 'constructor'],
  ])('%s is refused', async (path, field) => {
    expectError(await admin.get(path), 400, 'invalid_request', field);
  });

  it('the largest page there is, far behind the end, is an empty page', async () => {
    expect((await admin.get('/templates?limit=500&skip=100000')).body).toEqual({ items: [], count: 0 });
  });

  it.each([
    ['in a field', '{"name":"a\\u0000b","content":"c"}', 'name'],
    ['deep inside', '{"name":"a","content":"c","x":{"y":["z\\u0000"]}}', 'x.y.0'],
    ['in a name', '{"na\\u0000me":"a"}', 'na\\0me'],
  ])('a NUL %s is refused', async (_, body, field) => {
    expectError(await admin.post('/templates', body), 400, 'invalid_request', field);
  });

  it.each(['/templates/tpl_%00', '/templates?approved=%00', '/%00', '/admin/audit-logs?action=a%00b'])(
    'a NUL in the address is refused: %s',
    async (path) => {
      expectError(await admin.get(path), 400, 'invalid_request', 'url');
    },
  );

  it.each([
    ['{"__proto__":{"role":"admin"},"name":"a","content":"b"}', '__proto__'],
    ['{"name":{"__proto__":1},"content":"b"}', 'name.__proto__'],
    ['{"constructor":{"prototype":{"x":1}},"name":"a","content":"b"}', 'constructor'],
  ])('keys that reach for a prototype are refused: %s', async (body, field) => {
    expectError(await admin.post('/templates', body), 400, 'invalid_request', field);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });

  it('deep nesting is refused, and soon', async () => {
    for (const depth of [40, 200_000]) {
      const answer = await admin.post('/templates', '['.repeat(depth) + ']'.repeat(depth));
      expect(answer.status).toBe(400);
      expect(answer.body.code).toBe('invalid_request');
    }
    const answer = await admin.post('/templates', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000));
    expect(answer.status).toBe(400);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data; boundary=x'])(
    '%s is not taken for JSON',
    async (type) => {
      const answer = await admin.post('/templates', '{"name":"a","content":"b"}', { 'content-type': type });
      expectError(answer, 415, 'unsupported_media_type');
    },
  );

  it('JSON may say its character set', async () => {
    const type = { 'content-type': 'application/json; charset=utf-8' };
    expect((await admin.post('/templates', { name: 'a', content: 'ạ' }, type)).status).toBe(201);
  });

  it('a body over the cap is refused, whether it says its length or not', async () => {
    const exactly = (bytes: number) => {
      const frame = JSON.stringify({ name: 'a', content: '' });
      return JSON.stringify({ name: 'a', content: 'x'.repeat(bytes - frame.length) });
    };
    expectError(await admin.post('/templates', exactly(MIB)), 400, 'invalid_request', 'content');

    const { authorization } = admin.credentials;
    const rest = `HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\n`;
    const said = await rawHttp(gateway.url, `POST /templates ${rest}content-length: ${MIB + 1}\r\n\r\n`);
    const request = await rawHttp(gateway.url, `POST /sms/requests ${rest}content-length: ${8 * MIB + 1}\r\n\r\n`);
    const chunk = `${(MIB + 1).toString(16)}\r\n${'x'.repeat(MIB + 1)}\r\n0\r\n\r\n`;
    const unsaid = await rawHttp(gateway.url, `POST /templates ${rest}transfer-encoding: chunked\r\n\r\n${chunk}`);
    for (const answer of [said, unsaid, request]) {
      expect(answer.status).toBe(413);
      expect(JSON.parse(answer.body)).toMatchObject({ success: false, error: 413, code: 'body_too_large' });
    }
  });

  it.each([
    ['/templates/%E0%A4%A', 400],
    ['/templates/%', 400],
    [`/templates/${'a'.repeat(150)}`, 404],
    [`/templates/${'a'.repeat(5000)}`, 404],
    ['/templates/..%2f..%2fetc%2fpasswd', 404],
    ['/templates/%7B%22$ne%22:null%7D', 404],
  ])('an id that can’t be one is told so: %s', async (path, status) => {
    const answer = await admin.get(path);
    expectError(answer, status, answer.body.code);
    expect(answer.body.code).not.toBe('internal_error');
  });

  it('what is no HTTP is answered all the same', async () => {
    expect((await rawHttp(gateway.url, 'GET / HTTP/9.9\r\n\r\n')).status).toBe(400);
    expect((await rawHttp(gateway.url, 'hello\r\n\r\n')).status).toBe(400);
    const long = `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`;
    expect((await rawHttp(gateway.url, long)).status).toBe(431);
  });

  it('a failure on our side tells nothing of it', async () => {
    const { TemplatesService } = await import('../../src/templates/templates.service.js');
    const service = gateway.get(TemplatesService);
    const list = service.list.bind(service);
    service.list = () => Promise.reject(new Error('secret detail'));
    try {
      const answer = await admin.get('/templates');
      expectError(answer, 500, 'internal_error');
      expect(JSON.stringify(answer.body)).not.toContain('secret detail');
    } finally {
      service.list = list;
    }
  });
});
