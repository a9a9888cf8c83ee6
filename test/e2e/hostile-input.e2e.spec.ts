import { Ajv } from 'ajv';
import fc from 'fast-check';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES } from '../../src/auth/principal.js';
import { SURFACES, X_SURFACE, type SurfaceName, type SurfaceRules } from '../../src/common/http/surfaces.js';
import { AuditService } from '../../src/audit/audit.service.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import type { Api } from '../support/api.js';
import { makeCall, type Ids } from '../support/call-maker.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { hostileCalls, type HostileCall } from '../support/hostile-calls.js';
import { readCalls, type Operation } from '../support/open-api.js';
import { newRows } from '../support/rows.js';
import { AccountMailer } from '../../src/people/accounts/account-mailer.js';
import { NotificationsWorker } from '../../src/notifications/notifications.worker.js';
import { ImportWorker } from '../../src/imports/import.worker.js';
import { createKey, openShop, registerPhone, type Phone, type Shop } from '../support/shop.js';

const MIB = 1024 * 1024;
/** Routes that take thousands of recipients. */
const LARGE = ['POST /requests', 'POST /notifications', 'POST /topics/{name}/subscribers'];
const SEED = 20_261_121;
const RUNS = process.env['E2E_STORE'] === 'mongo' ? 12 : 24;
/** Lines of a stack, names of drivers, hashes. */
const INSIDES =
  /\bat [^"]{1,200}:\d+:\d+|node_modules|\.[jt]s:\d+|SQLITE|libsql|MongoServer|\$2[aby]\$|(password|token|key)_hash/;
const JWT_SECRET = 'a-secret-that-no-answer-may-ever-show-0123456789';

// Started here and not in a hook: each route of its document becomes a test.
const gateway = await TestGateway.start({ JWT_SECRET, JWT_ACCESS_MINUTES: '1000000' });
const operations = await readCalls(gateway.api);
const { body: document } = await gateway.api.get('/schema/openapi.json');
const ajv = new Ajv({ strict: false });
const isError = ajv.compile(document.components.schemas.Error);
/** A source system's surface has errors of its own shape; a path beside it has the usual one. */
const isOwnError = new Map(
  [...new Set(operations.flatMap(({ raw }) => raw[X_SURFACE] ?? []))].map((name: SurfaceName) => {
    const { errorSchema }: SurfaceRules = SURFACES[name];
    return [name, ajv.compile(document.components.schemas[errorSchema!.name])];
  }),
);

describe('hostile input', () => {
  let shop: Shop;
  let phone: Phone;
  let everyScope: { api: Api; secret: string };
  const rows = new Map<Operation, Ids>();

  beforeAll(async () => {
    shop = await openShop(gateway);
    phone = await registerPhone(gateway);
    const key = await createKey(shop.admin, [...SCOPES]);
    everyScope = { api: gateway.api.withKey(key.plain_key), secret: key.plain_key };
    for (const operation of operations) rows.set(operation, await newRows(gateway, operation, shop));
  });
  afterAll(() => gateway.stop());

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s stands it: no 5xx, no secret, one error shape, nothing half written',
    async (_, operation) => {
      const callers = callersOf(operation);
      let before = await counts();
      let turn = 0;
      const property = fc.asyncProperty(hostileCalls(operation, rows.get(operation)!), async (call) => {
        waitForLimit(operation);
        // Strangers may call some routes a few times a minute only, and those are to be read as well.
        if (operation.access.public) gateway.clock.advance(60);
        const answer = await send(callers[turn++ % callers.length]!, call);
        checkAnswer(answer, operation);
        await gateway.get(ImportWorker).run();
        await gateway.get(NotificationsWorker).run();
        await gateway.get(AccountMailer).settled();
        const after = await counts();
        if (answer.status >= 400) expect(after).toEqual(before);
        before = after;
      });
      const parameters = { seed: SEED, numRuns: RUNS, endOnFailure: true };
      await expect(fc.assert(property, parameters)).resolves.toBeUndefined();
    },
  );

  it('leaves every caller who they were', async () => {
    expect((await shop.admin.get('/auth/me')).status).toBe(200);
    expect((await everyScope.api.get('/requests')).status).toBe(200);
    expect((await phone.api.post('/agent/heartbeat', {})).status).toBe(200);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it.each([
    ['no HTTP at all', 'HELO there\r\n\r\n', 400],
    ['an unknown method', 'BREW /health HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a length that is no number', 'POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n', 400],
    ['two lengths', 'POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}', 400],
    ['a broken chunk', 'POST /auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n', 400],
    ['a header with a NUL', 'GET /health HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n', 400],
    ['a path of 20,000 characters', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['a header of 20,000 characters', `GET /health HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a path of bytes', 'GET /templates/%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    ['a method that the path has not', 'PROPFIND /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 405],
  ])('answers %s in the one error shape', async (_, bytes, status) => {
    const { head, body } = await overSocket(bytes);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body)).toMatchObject({ success: false, error: status });
    expect(isError(JSON.parse(body))).toBe(true);
  });

  it.each(operations.filter(({ body }) => body).map((operation) => [operation.name, operation] as const))(
    '%s refuses a body beyond its size before it is read',
    async (_, operation) => {
      const size = LARGE.includes(operation.name) ? 8 * MIB : MIB;
      const { method, path } = makeCall(operation, rows.get(operation)!);
      waitForLimit(operation);
      const body = `{"x":"${'x'.repeat(size)}"}`;
      const caller = callersOf(operation)[0]!;
      if (operation.access.public) gateway.clock.advance(600);
      const answer = await send(caller, { method, path, body, headers: { 'content-type': 'application/json' } });
      checkAnswer(answer, operation);
      expect(answer.status).toBe(413);
    },
  );

  it('names every mistake of a small body and the first of a huge one', async () => {
    const send = (messages: unknown[]) => shop.client.post('/requests', { messages });
    const small = await send(Array(50).fill(0));
    expect(small.status).toBe(400);
    expect(small.body.details).toHaveLength(50);
    const huge = await send(Array(200_000).fill(0));
    expect(huge.status).toBe(400);
    expect(huge.body.details).toEqual([{ field: 'messages.0', message: 'must be an object' }]);
  });

  /** The strongest of each kind that gets past the guard: what others are told is another test's. */
  function callersOf({ access }: Operation): Api[] {
    if (access.public) return [gateway.api];
    return [
      ...(access.role ? [shop.admin] : []),
      ...(access.scopes ? [everyScope.api] : []),
      ...(access.agents ? [phone.api] : []),
    ];
  }

  function checkAnswer({ status, headers, text }: Received, { raw, path }: Operation): void {
    // A surface says so itself where it promises an error of ours.
    if (status >= 500) expect(Object.keys(raw.responses)).toContain(String(status));
    expect(text).not.toMatch(INSIDES);
    for (const secret of [JWT_SECRET, ADMIN.password, phone.token, everyScope.secret])
      expect(text).not.toContain(secret);
    if (status < 400) return;
    const shapes = surfacesBeside(path).map((surface) => isOwnError.get(surface));
    const isJson = headers.get('content-type')!.startsWith('application/json');
    if (shapes.some((isOwn) => isOwn?.(isJson ? JSON.parse(text) : text))) return;
    expect(isJson).toBe(true);
    const body = JSON.parse(text);
    expect({ isError: isError(body), text, why: isError.errors }).toMatchObject({ isError: true });
    expect(body.error).toBe(status);
    if (headers.has('x-request-id')) expect(body.request_id).toBe(headers.get('x-request-id'));
  }
});

/** A few routes take five calls a minute. */
function waitForLimit({ path }: Operation): void {
  if (path === '/smss' || path === '/send-sms') gateway.clock.advance(60);
}

/** A piece of a path that is replaced may lead to another route, so to its surface: those of all that begin alike. */
function surfacesBeside(path: string): SurfaceName[] {
  const first = (of: string): string => of.split('/')[1]!;
  return operations.filter((one) => first(one.path) === first(path)).map(({ raw }) => raw[X_SURFACE]);
}

interface Received {
  status: number;
  headers: Headers;
  text: string;
}

async function send(api: Api, { method, path, headers, body }: HostileCall): Promise<Received> {
  const credentials = api.credentials;
  const response = await fetch(gateway.url + path, {
    method,
    headers: { ...headers, ...credentials },
    ...(method === 'GET' || body === undefined ? {} : { body }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Documents of each collection. Failed logins and registrations are counted and told of: that is no half write. */
async function counts(): Promise<Record<string, number>> {
  await gateway.get(AuditService)['flush']();
  // The reports' buckets, and how far lists of received texts were read, are written in the background, by no call; confirmations go by
  // themselves when their time is over.
  const names = COLLECTIONS.map(({ name }) => name).filter(
    (name) => !/^(counters|throttle|gateways|wakes|audit_logs|carrier_read_marks|confirmations|report_.*)$/.test(name),
  );
  const each = names.map((name) => gateway.store.collection(name).count({}));
  const people = { action: { $nin: ['LOGIN_FAILED', 'REGISTER_REFUSED'] } };
  const logs = gateway.store.collection<{ _id: string; action: string }>('audit_logs').count(people);
  // What carriers were called for is counted in the background, too.
  const limits = gateway.store.collection<{ _id: string; kind: string }>('counters').count({ kind: 'limit' });
  const all = await Promise.all([...each, logs, limits]);
  return Object.fromEntries([...names, 'audit_logs', 'counters'].map((name, i) => [name, all[i]!]));
}

function overSocket(bytes: string): Promise<{ head: string; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head, body] = text.split('\r\n\r\n') as [string, string];
      resolve({ head, body });
    });
  });
}
