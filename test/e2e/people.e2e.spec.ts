import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CarrierAccounts } from '../../src/carriers/carrier-accounts.js';
import { RecipientEvents } from '../../src/carriers/recipient-events.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import { People } from '../../src/people/people.js';
import { PersonRemoval } from '../../src/people/person-removal.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { hear, optOutsOf } from '../support/opt-outs.js';
import { addPerson, addTenant, must } from '../support/people.js';
import { accept } from '../support/sending.js';
import { createKey, openShop, registerPhone, type Shop } from '../support/shop.js';

const AN = {
  name: 'Nguyễn Thị Ánh Tuyết',
  email: 'Anh.Tuyet@Example.COM',
  phone: '0901 234 567',
  language: 'VI-vn',
  time_zone: 'Asia/Ho_Chi_Minh',
  preference: 'sms',
  quiet_hours: { from: '22:00', to: '07:00' },
};

describe('people', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let admin: Api;
  let operator: Api;
  let client: Api;
  let tenant: TenantId;
  let numbers = 0;
  const newNumber = () => `+84905${String(100_000 + ++numbers)}`;

  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(gateway, { scopes: ['sms:send_text', 'sms:read'] });
    ({ admin } = shop);
    operator = (await addPerson(gateway, admin, 'operator')).api;
    client = gateway.api.withKey((await createKey(admin, ['notify:send'])).plain_key);
    tenant = await tenantOf(gateway);
  });
  afterAll(() => gateway.stop());

  const add = async (body: object, api = admin) => must(201, await api.post('/people', body));
  const get = async (id: string, api = admin) => must(200, await api.get(`/people/${id}`));
  const audited = async (action: string) =>
    must(200, await admin.get(`/admin/audit-logs?action=${action}&limit=500`)).items;

  describe('as administrators and clients keep them', () => {
    it('are read as people type them', async () => {
      const person = await add(AN);
      expect(person).toMatchObject({
        user_id: null,
        name: 'Nguyễn Thị Ánh Tuyết',
        email: 'Anh.Tuyet@example.com',
        email_confirmed_at: null,
        email_dead: null,
        phone: '+84901234567',
        phone_confirmed_at: null,
        language: 'vi-VN',
        time_zone: 'Asia/Ho_Chi_Minh',
        preference: 'sms',
        quiet_hours: { from: '22:00', to: '07:00' },
        stopped: [],
      });
      expect(await get(person.id, operator)).toEqual(person);
      expect(await add({}, client)).toMatchObject({ name: null, email: null, phone: null, preference: 'email' });
      expect(await audited('CREATE_PERSON')).toContainEqual(
        expect.objectContaining({ data: { person_id: person.id }, actor_type: 'USER' }),
      );
    });

    it.each<[string, object, ...string[]]>([
      ['a number that nobody has', { phone: '12' }, 'phone'],
      ['no address', { email: 'an@example' }, 'email'],
      ['an address with a line', { email: 'an@example.com\nBcc: all@example.com' }, 'email'],
      ['a zone of no map', { time_zone: 'Asia/Atlantis' }, 'time_zone'],
      ['an offset', { time_zone: '+07:00' }, 'time_zone'],
      ['no language', { language: 'vi_VN!' }, 'language'],
      ['a preference of no kind', { preference: 'pigeon' }, 'preference'],
      ['hours of no clock', { quiet_hours: { from: '24:00', to: '07:00' } }, 'quiet_hours.from', 'quiet_hours'],
      ['hours that are none', { quiet_hours: { from: '07:00', to: '07:00' } }, 'quiet_hours.to'],
      ['half of the hours', { quiet_hours: { from: '22:00' } }, 'quiet_hours.to', 'quiet_hours'],
      ['ways of no kind', { stopped: ['whatsapp'] }, 'stopped.0'],
      ['a name that is too long', { name: 'Đ'.repeat(201) }, 'name'],
      ['a NUL', { name: 'An\0' }, 'name'],
      ['a field of somebody else', { user_id: 'usr_1' }, 'user_id'],
    ])('are refused with %s', async (_, body, ...fields) => {
      const { id } = await add({ name: 'Bình' });
      const before = await get(id);
      for (const answer of [await admin.post('/people', body), await admin.patch(`/people/${id}`, body)])
        expectError(answer, 400, 'invalid_request', ...fields);
      expect(await get(id)).toEqual(before);
    });

    it('may have names as long as people’s are', async () => {
      const name = 'Đặng Thị Phương '.repeat(12).trim();
      expect(await add({ name })).toMatchObject({ name });
      expect(await add({ name: '👩‍🌾'.repeat(40) })).toMatchObject({ name: '👩‍🌾'.repeat(40) });
    });

    it('are changed field by field, and emptied with null', async () => {
      const { id } = await add(AN);
      const changed = must(200, await client.patch(`/people/${id}`, { preference: 'none', quiet_hours: null }));
      expect(changed).toMatchObject({ name: AN.name, preference: 'none', quiet_hours: null, language: 'vi-VN' });
      expect(must(200, await admin.patch(`/people/${id}`, { phone: null }))).toMatchObject({ phone: null });
      expect(await audited('UPDATE_PERSON')).toContainEqual(
        expect.objectContaining({
          actor_type: 'API_KEY',
          data: { person_id: id, fields: ['preference', 'quiet_hours'] },
        }),
      );
    });

    it('keep both of two changes at the same moment', async () => {
      const { id } = await add(AN);
      const changes = [{ name: 'Bình' }, { preference: 'push' }, { time_zone: 'UTC' }];
      for (const answer of await Promise.all(changes.map((change) => admin.patch(`/people/${id}`, change))))
        must(200, answer);
      expect(await get(id)).toMatchObject({ name: 'Bình', preference: 'push', time_zone: 'UTC' });
    });

    it('are found by number and by address, newest first', async () => {
      const phone = newNumber();
      const email = `found-${numbers}@example.com`;
      const [first, second] = [await add({ phone, email }), await add({ phone })];
      const ids = async (query: string) =>
        must(200, await operator.get(`/people?${query}`)).items.map(({ id }: { id: string }) => id);
      expect(await ids(`phone=${encodeURIComponent(phone)}`)).toEqual([second.id, first.id]);
      expect(await ids(`phone=0${phone.slice(3)}`)).toEqual([second.id, first.id]);
      expect(await ids(`email=${email.replace('example', 'EXAMPLE')}`)).toEqual([first.id]);
      const page = must(200, await operator.get('/people?limit=1'));
      expect(page.items[0].id).toBe(second.id);
      expect(await ids(`limit=1&cursor=${page.next}`)).toEqual([first.id]);
    });

    it('are read by operators and changed by administrators and clients, in their tenant alone', async () => {
      const { id } = await add(AN);
      expectError(await operator.post('/people', {}), 403, 'forbidden');
      expectError(await operator.patch(`/people/${id}`, {}), 403, 'forbidden');
      expectError(await client.delete(`/people/${id}`), 403, 'forbidden');
      const other = await addTenant(gateway, await gateway.admin(), 'elsewhere');
      for (const answer of [
        await other.admin.api.get(`/people/${id}`),
        await other.admin.api.patch(`/people/${id}`, { name: 'x' }),
        await other.admin.api.delete(`/people/${id}`),
      ])
        expectError(answer, 404, 'person_not_found');
      expect(must(200, await other.admin.api.get('/people')).items).toEqual([]);
    });

    it('are forgotten by every feature that kept something of them', async () => {
      const forgotten: string[] = [];
      gateway.get(PersonRemoval).register({ person: (_tenant, id) => void forgotten.push(id) as never });
      const { id } = await add(AN);
      const people = gateway.get(People);
      const [token] = await people.registered(tenant, [{ kind: 'token', value: `device of ${id}` }]);
      await gateway.store
        .collection<{ _id: string; person_id?: string }>('push_tokens')
        .updateOne({ _id: token!._id }, { $set: { person_id: id } });
      expect(must(204, await admin.delete(`/people/${id}`))).toBe('');
      expectError(await admin.delete(`/people/${id}`), 404, 'person_not_found');
      expect(forgotten).toEqual([id]);
      const [left] = await gateway.store
        .collection<{ _id: string; person_id?: string }>('push_tokens')
        .find({ _id: token!._id });
      expect(left!.person_id ?? null).toBe(null);
      expect(await people.reachable(tenant, [id])).toEqual([]);
      expect((await audited('DELETE_PERSON'))[0].data).toEqual({ person_id: id });
    });
  });

  describe('who have stopped', () => {
    const stopped = async (id: string) => (await get(id)).stopped;
    const reached = async (ids: string[]) =>
      (await gateway.get(People).reachable(tenant, ids)).map(({ person }) => person.stopped);

    it('by STOP have ended SMS, until START', async () => {
      const phone = newNumber();
      const { id } = await add({ phone });
      const other = await add({ phone: newNumber() });
      await hear(gateway, shop.phone, { from: phone, text: 'STOP' });
      expect(await stopped(id)).toEqual(['sms']);
      expect(await reached([id, other.id])).toEqual([['sms'], []]);
      expect(must(200, await admin.get(`/people?phone=${encodeURIComponent(phone)}`)).items[0].stopped).toEqual([
        'sms',
      ]);
      await hear(gateway, shop.phone, { from: phone, text: 'START' });
      expect([await stopped(id), await reached([id])]).toEqual([[], [[]]]);
    });

    it('in a list have ended it, until an administrator takes that back', async () => {
      const phone = newNumber();
      const { id } = await add({ phone });
      must(201, await operator.post('/opt-outs', { number: phone }));
      expect(await reached([id])).toEqual([['sms']]);
      must(200, await admin.delete(`/opt-outs/${encodeURIComponent(phone)}`));
      expect([await stopped(id), await reached([id])]).toEqual([[], [[]]]);
    });

    it('at a carrier have ended it while that is what a text would leave by', async () => {
      const other = await addTenant(gateway, await gateway.admin(), 'without-phones');
      const their = await tenantOf(gateway, 'without-phones');
      const phone = newNumber();
      const { id } = await add({ phone }, other.admin.api);
      // Its sandbox, which the gateway learns of in seconds.
      gateway.get(CarrierAccounts).forget();
      await gateway.get(RecipientEvents).tell({
        tenant: their,
        kind: 'opted_out',
        channel: 'sms',
        address: phone,
        sender: null,
        carrier: 'sandbox',
        code: '21610',
        at: gateway.clock.now(),
        sent_at: gateway.clock.now(),
      });
      expect((await get(id, other.admin.api)).stopped).toEqual(['sms']);
      await registerPhone(gateway, { tenant: other.slug });
      expect((await get(id, other.admin.api)).stopped).toEqual([]);
    });

    it('by an administrator’s word get no text of any kind, and by it get them again', async () => {
      const phone = newNumber();
      const { id } = await add({ phone, stopped: ['sms', 'push'] });
      expect(await stopped(id)).toEqual(['sms', 'push']);
      expect(await optOutsOf(admin, phone)).toMatchObject([{ sender: null, source: 'admin' }]);
      const text = { text: `hello ${phone}`, agent_id: shop.phone.agentId, messages: [{ to: phone }] };
      expect(await accept(shop.client, text)).toMatchObject({ total_opted_out: 1 });
      must(200, await admin.patch(`/people/${id}`, { stopped: ['push'] }));
      expect(await stopped(id)).toEqual(['push']);
      expect(await optOutsOf(admin, phone)).toEqual([]);
    });

    it('by a client’s word can’t be started again by it', async () => {
      const phone = newNumber();
      const { id } = await add({ phone });
      must(200, await client.patch(`/people/${id}`, { stopped: ['sms'] }));
      expectError(await client.patch(`/people/${id}`, { stopped: [] }), 403, 'forbidden');
      must(200, await client.patch(`/people/${id}`, { stopped: ['email', 'sms'] }));
      expect(await stopped(id)).toEqual(['email', 'sms']);
    });

    it('START takes back what a person without a number had ended', async () => {
      const phone = newNumber();
      const { id } = await add({ stopped: ['sms', 'email'] });
      must(200, await admin.patch(`/people/${id}`, { phone }));
      expect(await stopped(id)).toEqual(['sms', 'email']);
      await hear(gateway, shop.phone, { from: phone, text: 'START' });
      expect(await stopped(id)).toEqual(['email']);
    });
  });
});
