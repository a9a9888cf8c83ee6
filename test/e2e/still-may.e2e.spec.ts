import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Admission } from '../../src/auth/admission.js';
import { ImportsRepository } from '../../src/imports/imports.repository.js';
import type { Api } from '../support/api.js';
import { csvOf, toShop } from '../support/csv.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson, must, PASSWORD, type Person } from '../support/people.js';
import { codes, createKey, openShop, registerPhone, type Phone, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

/** More than a body may take without its caller's being asked for again. */
const LATE_SECONDS = 1.5;

describe('a caller whose body comes late', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let keyId: string;
  let client: Api;
  let person: Person;
  let phone: Phone;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0' });
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    const key = await createKey(shop.admin, ['sms:send']);
    keyId = key.id;
    client = gateway.api.withKey(key.plain_key);
    person = await addPerson(gateway, shop.admin, 'operator');
    phone = await registerPhone(gateway);
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => gateway.stop());

  /** A call of which the head was let in, and nothing more has arrived. */
  async function open(path: string, { credentials }: Api, headers: Record<string, string> = {}) {
    const admit = jest.spyOn(gateway.get(Admission), 'admit');
    const all = { 'content-type': 'application/json', ...credentials, ...headers };
    const call = request(gateway.url + path, { method: 'POST', headers: all });
    const answered = once(call, 'response') as Promise<[IncomingMessage]>;
    call.flushHeaders();
    await waitFor(() => expect(admit).toHaveBeenCalled());
    await admit.mock.results[0]!.value;
    admit.mockRestore();
    return { call, answered };
  }
  async function end(call: ClientRequest, answered: Promise<[IncomingMessage]>, body: string) {
    call.end(body);
    const [answer] = await answered;
    return { status: answer.statusCode, body: JSON.parse(await text(answer)) };
  }
  const requestText = () => JSON.stringify(codes(shop, '1'));
  async function late(api: Api, meanwhile: () => Promise<unknown>, seconds = LATE_SECONDS) {
    const { call, answered } = await open('/requests', api);
    await meanwhile();
    gateway.clock.advance(seconds);
    return end(call, answered, requestText());
  }
  const disable = () => shop.admin.post(`/admin/api-keys/${keyId}/disable`);
  const change = (set: object) => () => shop.admin.patch(`/admin/users/${person.id}`, set);

  it('and who may still call is answered', async () => {
    expect((await late(client, () => Promise.resolve())).status).toBe(201);
    expect((await late(person.api, () => Promise.resolve())).status).toBe(201);
    expect((await late(gateway.api.withBasic(person.username, PASSWORD), () => Promise.resolve())).status).toBe(201);
  });

  it('is refused when the key was disabled', async () => {
    const { status, body } = await late(client, disable);
    expect([status, body.code, body.message]).toEqual([
      401,
      'unauthenticated',
      'The API key is disabled. An administrator makes another: POST /admin/api-keys.',
    ]);
  });

  it('is refused when the key has expired', async () => {
    const expires_at = new Date(gateway.clock.now().getTime() + 10_000).toISOString();
    must(200, await shop.admin.patch(`/admin/api-keys/${keyId}`, { expires_at }));
    expect((await late(client, () => Promise.resolve(), 11)).status).toBe(401);
  });

  it('is refused when the key has lost its scope', async () => {
    const lose = () => shop.admin.patch(`/admin/api-keys/${keyId}`, { scopes: ['sms:read'] });
    const { status, body } = await late(client, lose);
    expect([status, body.message]).toEqual([
      403,
      'This route needs an API key with the scope sms:send or sms:send_text.',
    ]);
  });

  it.each([
    ['was disabled', 401, { is_active: false }],
    ['was given another password', 401, { password: 'another-staple-horse' }],
    ['was demoted', 403, { role: 'viewer' }],
  ])('is refused when the user %s', async (_, status, set) => {
    expect((await late(person.api, change(set))).status).toBe(status);
    // However they proved who they are.
    const again = await addPerson(gateway, shop.admin, 'operator');
    const basic = gateway.api.withBasic(again.username, PASSWORD);
    expect((await late(basic, () => shop.admin.patch(`/admin/users/${again.id}`, set))).status).toBe(status);
  });

  it('is refused when the user changed their password or was deleted', async () => {
    const passwords = { current_password: PASSWORD, new_password: 'another-staple-horse' };
    expect((await late(person.api, () => person.api.post('/auth/password', passwords))).status).toBe(401);
    const other = await addPerson(gateway, shop.admin, 'operator');
    expect((await late(other.api, () => shop.admin.delete(`/admin/users/${other.id}`))).status).toBe(401);
  });

  it.each([
    ['was unregistered', () => shop.admin.post(`/admin/agents/${phone.agentId}/unregister`)],
    ['has a new token', () => gateway.api.post('/agent/register', { device_id: phone.deviceId })],
  ])('is refused when the phone %s', async (_, meanwhile) => {
    const { call, answered } = await open('/agent/messages/report', phone.api);
    await meanwhile();
    gateway.clock.advance(LATE_SECONDS);
    const report = { messages: [{ message_id: 'msg_01jd2m0q8nfgt1vwzzk4x6s5ah00001', status: 'SENT' }] };
    expect((await end(call, answered, JSON.stringify(report))).status).toBe(401);
  });

  it('within a moment is the caller that was let in', async () => {
    expect((await late(client, disable, 0.9)).status).toBe(201);
  });

  it('is refused after a file that took its time, and nothing of it stays', async () => {
    const staged = jest.spyOn(gateway.get(ImportsRepository), 'insert');
    const path = `/requests/import?${new URLSearchParams(toShop(shop)).toString()}`;
    const { call, answered } = await open(path, client, { 'content-type': 'text/csv' });
    const csv = csvOf(100);
    call.write(csv.slice(0, 500));
    await waitFor(() => expect(staged).toHaveBeenCalled());
    await disable();
    const { status, body } = await end(call, answered, csv.slice(500));
    expect([status, body.message]).toEqual([
      401,
      'The API key is disabled. An administrator makes another: POST /admin/api-keys.',
    ]);
    for (const name of ['imports', 'import_chunks']) expect(await gateway.store.collection(name).count({})).toBe(0);
  });
});
