import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES, SCOPES } from '../../src/auth/principal.js';
import type { Access } from '../../src/auth/allow.js';
import { ImportWorker } from '../../src/imports/import.worker.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import { SessionsWorker } from '../../src/proxy/sessions.worker.js';
import { Api, type Answer } from '../support/api.js';
import { makeCall, POOL_NUMBER, type Call, type Ids } from '../support/call-maker.js';
import { X_SURFACE } from '../../src/common/http/surfaces.js';
import { TestGateway } from '../support/gateway.js';
import { ID_KINDS, idPlaces, type IdPlace } from '../support/id-places.js';
import { readCalls, type Operation } from '../support/open-api.js';
import { addPerson, must } from '../support/people.js';
import { newRow, newRows, NOWHERE } from '../support/rows.js';
import { createKey, lease, openShop, registerPhone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { waitFor } from '../support/wait-for.js';

interface Caller {
  name: string;
  api: Api;
  mayUse(access: Access): boolean;
  isUser?: boolean;
}

/** Where the SMSGate app registers, asks whether its token is still good, and posts what it has signed. */
const OWN_PROOF = ['/api/mobile/v1/device', '/api/mobile/v1/received'];

// Started here and not in a hook: each route of its document becomes a test.
const gateway = await TestGateway.start();
const operations = await readCalls(gateway.api);
describe('tenants and roles on every route of the OpenAPI document', () => {
  let mine: Shop;
  let theirs: Ids;
  let app: Api;
  let others: Caller[];
  let callers: Caller[];
  const ownIds = (operation: Operation) => newRows(gateway, operation, mine);

  beforeAll(async () => {
    mine = await openShop(gateway, { scopes: ['sms:send', 'sms:read', 'proxy:manage', 'notify:send'] });
    must(201, await mine.admin.post('/admin/tns', { number: POOL_NUMBER, carrier: 'sandbox' }));
    const shop = await openTenantShop(gateway, 'neighbour');
    theirs = Object.fromEntries(
      await Promise.all(ID_KINDS.map(async (kind) => [kind, await newRow(gateway, kind, shop, 'neighbour')])),
    ) as Ids;
    await lease(shop.phone);
    app = await phoneWithApp(mine);
    callers = await everyCaller(mine, app);
    others = callers.filter(({ name }) => name !== 'platform_admin');
  });
  afterAll(() => gateway.stop());

  it('reads routes that take ids of every kind', () => {
    const kinds = new Set(operations.flatMap(idPlaces).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...ID_KINDS].sort());
  });

  describe.each(operations.map((one) => [one.name, one] as const))('%s', (_, operation) => {
    const { access } = operation;
    const needsCredentials = access.public !== true;

    (needsCredentials ? it : it.skip)('answers 401 to nobody and to credentials that nobody has', async () => {
      const call = makeCall(operation, await ownIds(operation));
      const before = await everything();
      const nobodies: Record<string, string>[] = [
        {},
        { 'x-api-key': 'tlk_nobody' },
        { authorization: 'Bearer nobody' },
        { authorization: 'Bearer no.bo.dy' },
        { authorization: `Basic ${Buffer.from('key_nobody:tlk_nobody').toString('base64')}` },
      ];
      for (const headers of nobodies) {
        expectRefusal(operation, await send(gateway.api.as(headers), call), 401, 'unauthenticated');
      }
      expect(await everything()).toEqual(before);
    });

    (needsCredentials ? it : it.skip)(
      'answers 403 to every wrong role, scope and kind of caller, and changes nothing',
      async () => {
        const call = makeCall(operation, await ownIds(operation));
        const before = await everything();
        for (const caller of callers.filter((one) => !one.mayUse(access))) {
          const answer = await send(caller.api, call);
          expect({ caller: caller.name, status: answer.status }).toEqual({ caller: caller.name, status: 403 });
          expectRefusal(operation, answer, 403, 'forbidden');
        }
        expect(await everything()).toEqual(before);
      },
    );

    it('lets in every caller that it names', async () => {
      // A body that no route takes: what is asked here is only who gets as far as being read.
      const made = makeCall(operation, NOWHERE);
      const call = made.headers
        ? { ...made, path: `${made.path}&no_such_field=1` }
        : { ...made, ...(operation.body ? { body: { no_such_field: 1 } } : {}) };
      const told: [caller: string, status: number][] = [];
      // It reads the credentials itself: `smsgate.e2e` shows whose it takes.
      const named = callers.filter(
        (one) => one.mayUse(access) || (access.public && !OWN_PROOF.includes(operation.path)),
      );
      for (const caller of named) {
        told.push([caller.name, (await send(caller.api, call)).status]);
      }
      // 501: a surface says that it hasn't this of its source system.
      const refused = ([, status]: [string, number]) =>
        [401, 403].includes(status) || (status >= 500 && status !== 501);
      expect(told.filter(refused)).toEqual([]);
    });

    (access.role ? it : it.skip)('keeps everybody but a platform administrator in their own tenant', async () => {
      const call = makeCall(operation, theirs);
      const before = await everything();
      for (const caller of others.filter((one) => one.isUser && one.mayUse(access))) {
        expectRefusal(operation, await send(caller.api.as({ 'x-tenant': 'neighbour' }), call), 403, 'forbidden');
      }
      expect(await everything()).toEqual(before);
    });

    // A platform administrator's tenants are all of them.
    const places = idPlaces(operation).filter(({ kind }) => kind !== 'tenant');
    for (const place of places) {
      it(`takes no id of another tenant as ${place.at} in its ${place.where}`, async () => {
        const own = await ownIds(operation);
        const before = await everythingButOwnLog();
        for (const caller of callers.filter((one) => one.mayUse(access))) {
          // Of a row that the path names, another key's is refused before the rest is read.
          const api = place.where === 'path' ? caller.api : ownerOf(caller);
          const answer = await send(api, makeCall(operation, own, { place, id: theirs[place.kind] }));
          const nowhere = await send(api, makeCall(operation, own, { place, id: NOWHERE[place.kind] }));
          expect(plain(answer, theirs[place.kind])).toEqual(plain(nowhere, NOWHERE[place.kind]));
          expectNothing(answer, place);
        }
        expect(await everythingButOwnLog()).toEqual(before);
      });
    }

    (places.length > 0 ? it : it.skip)('takes the same call with ids of its own', async () => {
      for (const place of places) {
        // What one call removes is not there for the next.
        const ids = await ownIds(operation);
        const caller = callers.find((one) => one.mayUse(access))!;
        const { status, body } = await send(ownerOf(caller), makeCall(operation, ids, { place, id: ids[place.kind] }));
        expect({ status, body }).not.toMatchObject({ status: 404 });
        if (operation.method === 'GET') expect({ status, body }).toMatchObject({ status: 200 });
      }
    });

    const isPlainGet = operation.method === 'GET' && !operation.path.includes('{');
    (isPlainGet && operation.path !== '/admin/tenants' ? it : it.skip)('shows nothing of another tenant', async () => {
      const cursor = Buffer.from(`${theirs.message.slice(0, 3)}_${'z'.repeat(26)}`).toString('base64url');
      const { path } = makeCall(operation, await ownIds(operation));
      // The platform's own log names the tenants that it made.
      const hidden = Object.values(theirs).filter((id) => id !== theirs.tenant);
      const isList = operation.parameters.some(({ name }) => name === 'cursor');
      for (const caller of callers.filter((one) => one.mayUse(access))) {
        for (const query of isList ? ['limit=500', `cursor=${cursor}`] : ['']) {
          const answer = await caller.api.get(`${path}${path.includes('?') ? '&' : '?'}${query}`);
          // One that is asked for a person finds none.
          expect(answer.status).toBe(operation.path === '/participants' ? 404 : 200);
          for (const id of hidden) expect(JSON.stringify(answer.body)).not.toContain(id);
        }
      }
    });
  });

  /** A phone's report is in its own tenant's log, whatever it was about. */
  async function everythingButOwnLog() {
    const { audit_logs: logs, ...rest } = await everything();
    return { ...rest, foreign_logs: logs!.filter(({ tenant_id }) => tenant_id === theirs.tenant) };
  }

  /** A key sees what it sent, a phone what it holds: so both are those of the shop that makes the rows. */
  function ownerOf(caller: Caller): Api {
    if (caller.name === 'agent') return new Phones(mine.phone.api, app);
    return caller.isUser ? caller.api : mine.client;
  }
});

/** A phone of our own protocol, and one with the app where that is spoken: neither is served there where the other is. */
class Phones extends Api {
  constructor(
    own: Api,
    private readonly app: Api,
  ) {
    super(own.url, own.credentials);
  }
  override call(method: string, path: string, body?: unknown, init?: RequestInit): Promise<Answer> {
    return path.startsWith('/api/mobile/')
      ? this.app.call(method, path, body, init)
      : super.call(method, path, body, init);
  }
}

async function phoneWithApp(shop: Shop): Promise<Api> {
  const { code } = must(201, await shop.admin.post('/admin/agents/registration-codes', {}));
  const { token } = must(201, await gateway.api.as({ authorization: `Code ${code}` }).post(OWN_PROOF[0]!, {}));
  return gateway.api.withToken(token);
}

async function everyCaller(shop: Shop, app: Api): Promise<Caller[]> {
  const users = [];
  for (const role of ROLES) {
    const { api } = await addPerson(gateway, shop.admin, role);
    users.push({
      name: role,
      api,
      isUser: true,
      mayUse: (access: Access) => access.role !== undefined && ROLES.indexOf(role) <= ROLES.indexOf(access.role),
    });
  }
  const keys = [];
  for (const scope of SCOPES) {
    const key = await createKey(shop.admin, [scope]);
    const mayUse = (access: Access) => access.scopes?.includes(scope) ?? false;
    keys.push({ name: `key with ${scope}`, api: gateway.api.withKey(key.plain_key), mayUse });
  }
  const api = new Phones((await registerPhone(gateway)).api, app);
  return [...users, ...keys, { name: 'agent', api, mayUse: (access: Access) => access.agents === true }];
}

function send(api: Api, { method, path, body, headers }: Call): Promise<Answer> {
  return api.call(method, path, body, headers ? { headers } : {});
}

/** Where a source system's surface puts the code of an error; the shape of all others is one. */
/** How a surface of its own shape tells of an error. */
const SHAPES: Record<string, (status: number, code: string) => object> = {
  flowroute: (_, reason) => ({ message: expect.any(String), reason }),
  conversations: (_, raw_message) => ({ message: expect.any(String), raw_message }),
  smss: (error) => ({ success: false, error, message: expect.any(String) }),
  smsgate_scripts: (_, code) => ({ message: expect.any(String), code }),
  smsgate: (_, code) => ({ message: expect.any(String), code }),
  cht: () => ({ error: true, message: expect.any(String) }),
  notifier: () => ({ detail: expect.any(String) }),
};

function expectRefusal({ raw }: Operation, answer: Answer, status: number, code: string): void {
  const own = SHAPES[raw[X_SURFACE]];
  expect(answer.body).toMatchObject(own ? own(status, code) : { success: false, error: status, code });
  expect(answer.status).toBe(status);
}

/** 404, an empty list, or one line that says it isn't known. */
function expectNothing({ status, body }: Answer, { where }: IdPlace): void {
  if (where === 'path') expect(status).toBe(404);
  else if (where === 'query') {
    const rows = typeof body === 'string' ? body.split('msg_').length - 1 : (body.items ?? body).length;
    expect([404, rows]).toContain(status === 404 ? 404 : 0);
  } else if (status === 200) expect(body).toMatchObject({ updated: 0, results: [{ result: 'unknown' }] });
  // An app is told nothing; that nothing has changed is checked beside this.
  else expect([204, 400, 404]).toContain(status);
}

/** An answer without what differs from call to call. */
function plain({ status, body }: Answer, id: string) {
  const text = JSON.stringify({ ...body, request_id: '' });
  return { status, body: text.replaceAll(id, '<id>') };
}

/** Every document of every collection, but for the reports, which only count others and do so when they are read. */
async function everything() {
  // What was imported is sent in the background.
  await gateway.get(ImportWorker).run();
  // So is what people are told when a session has ended.
  await gateway.get(SessionsWorker).run();
  // A list of the audit log first writes what waits to be written.
  await (await admin()).get('/admin/audit-logs?limit=1');
  // What a request holds of its day is settled after its answer.
  const limits = gateway.store.collection<{ _id: string; kind: string; holds?: object }>('counters');
  const holding = async () =>
    (await limits.find({ kind: 'limit' })).filter(({ holds }) => Object.keys(holds ?? {}).length > 0);
  await waitFor(async () => expect(await holding()).toEqual([]), { timeout: 10_000 });
  const dump: Record<string, { _id: string; tenant_id?: string }[]> = {};
  // Counts of reports, heartbeats and wakes are written in the background, too; that a call was counted changes nothing of anybody's.
  for (const { name } of COLLECTIONS.filter((one) => !/^(report_.*|gateways|wakes|throttle)$/.test(one.name)))
    dump[name] = await gateway.store.collection(name).find({}, { sort: { _id: 1 } });
  return dump;
}
let administrator: Promise<Api> | undefined;
const admin = () => (administrator ??= gateway.admin());
