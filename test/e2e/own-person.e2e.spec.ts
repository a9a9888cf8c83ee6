import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RecipientEvents } from '../../src/carriers/recipient-events.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import { DeadTokensWorker } from '../../src/people/dead-tokens.worker.js';
import { People } from '../../src/people/people.js';
import { PersonRemoval } from '../../src/people/person-removal.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { codeIn, lastMailTo, mailsTo, sendMailByStandIn } from '../support/mail-route.js';
import { tenantOf } from '../support/masked.js';
import { hear, optOutsOf, ownTexts } from '../support/opt-outs.js';
import { addPerson, addTenant, must } from '../support/people.js';
import { lease, openShop, report, type Shop } from '../support/shop.js';

describe('oneself as a person', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let tenant: TenantId;
  let me: Api;
  let phone: string;
  let email: string;
  let made = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '1000000' });
    sendMailByStandIn(gateway);
    shop = await openShop(gateway, { scopes: ['sms:send_text', 'sms:read'] });
    tenant = await tenantOf(gateway);
  });
  beforeEach(async () => {
    gateway.clock.advance(3600);
    me = (await addPerson(gateway, shop.admin, 'member')).api;
    phone = `+84907${String(100_000 + ++made)}`;
    email = `me-${made}@example.com`;
  });
  afterAll(() => gateway.stop());

  const change = async (body: object) => must(200, await me.patch('/me/person', body));
  const get = async () => must(200, await me.get('/me/person'));
  const ask = (what: 'phone' | 'email') => me.post(`/me/person/confirm-${what}`);
  const confirm = (what: 'phone' | 'email', code: string) => me.post(`/me/person/confirm-${what}/code`, { code });
  /** The phone takes what waits for it; returns the code that was sent to the number. */
  async function codeBySms(): Promise<string> {
    const jobs = await lease(shop.phone);
    for (const job of jobs) await report(shop.phone, job.message_id, 'SENT');
    return codeIn(jobs.findLast(({ to }) => to === phone)?.text ?? '');
  }
  const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
  async function confirmPhone(): Promise<void> {
    await change({ phone });
    must(202, await ask('phone'));
    must(200, await confirm('phone', await codeBySms()));
  }

  it('begins with what the account knows', async () => {
    const user = { username: `known-${made}`, password: 'battery-staple-horse', role: 'member', email, phone };
    const { id } = must(201, await shop.admin.post('/admin/users', user));
    const own = await gateway.login(user.username, user.password);
    expect(must(200, await own.get('/me/person'))).toMatchObject({
      user_id: id,
      email,
      phone,
      email_confirmed_at: null,
      phone_confirmed_at: null,
      preference: 'email',
    });
    expect((await gateway.get(People).ofUser(tenant, id))._id).toBe(must(200, await own.get('/me/person')).id);
  });

  it('changes like anybody, for oneself alone', async () => {
    await change({ name: 'Ánh', preference: 'none', quiet_hours: { from: '21:00', to: '08:00' } });
    expect(await get()).toMatchObject({ name: 'Ánh', preference: 'none' });
    expect(must(200, await shop.admin.get('/me/person')).name).toBe(null);
    expectError(await me.patch('/me/person', { phone: 'nobody' }), 400, 'invalid_request', 'phone');
    expectError(await me.get('/people'), 403, 'forbidden');
  });

  describe('a number', () => {
    it('is confirmed by the code that was sent to it, until it changes', async () => {
      await change({ phone, language: 'en' });
      must(202, await ask('phone'));
      const code = await codeBySms();
      expectError(await confirm('phone', other(code)), 400, 'wrong_code', 'code');
      expect((await get()).phone_confirmed_at).toBe(null);
      expect(must(200, await confirm('phone', code)).phone_confirmed_at).toBe(gateway.clock.now().toISOString());
      expectError(await confirm('phone', code), 400, 'wrong_code', 'code');
      expect((await change({ name: 'An', phone })).phone_confirmed_at).not.toBe(null);
      expect((await change({ phone: '+84901112223' })).phone_confirmed_at).toBe(null);
    });

    it('takes no code that was sent to another', async () => {
      await change({ phone });
      must(202, await ask('phone'));
      const code = await codeBySms();
      await change({ phone: '+84901112224' });
      expectError(await confirm('phone', code), 400, 'wrong_code', 'code');
      expect((await get()).phone_confirmed_at).toBe(null);
    });

    it('takes the last code alone, for ten minutes', async () => {
      await change({ phone });
      must(202, await ask('phone'));
      const first = await codeBySms();
      gateway.clock.advance(60);
      must(202, await ask('phone'));
      const second = await codeBySms();
      expect(second).not.toBe(first);
      expectError(await confirm('phone', first), 400, 'wrong_code', 'code');
      gateway.clock.advance(600);
      expectError(await confirm('phone', second), 400, 'wrong_code', 'code');
    });

    it('takes no code after five wrong ones, tried at the same moment or not', async () => {
      await change({ phone });
      must(202, await ask('phone'));
      const code = await codeBySms();
      const wrong = Array.from({ length: 5 }, () => confirm('phone', other(code)));
      for (const answer of await Promise.all(wrong)) expectError(answer, 400, 'wrong_code', 'code');
      expectError(await confirm('phone', code), 400, 'wrong_code', 'code');
      gateway.clock.advance(60);
      must(202, await ask('phone'));
      must(200, await confirm('phone', await codeBySms()));
    });

    it('gets one code a minute and five an hour, whoever asks', async () => {
      await change({ phone });
      must(202, await ask('phone'));
      const soon = await ask('phone');
      expectError(soon, 429, 'too_many_codes');
      expect(Number(soon.headers.get('retry-after'))).toBeGreaterThan(0);
      const rival = (await addPerson(gateway, shop.admin, 'member')).api;
      must(200, await rival.patch('/me/person', { phone }));
      expectError(await rival.post('/me/person/confirm-phone'), 429, 'too_many_codes');
      // Nor do five other numbers make more of it.
      for (let i = 0; i < 4; i++) {
        gateway.clock.advance(60);
        await change({ phone: `+8490811${1000 + made * 10 + i}` });
        must(202, await ask('phone'));
      }
      gateway.clock.advance(60);
      await change({ phone: `+8490822${1000 + made}` });
      expectError(await ask('phone'), 429, 'too_many_codes');
      gateway.clock.advance(3600);
      must(202, await ask('phone'));
    });

    it('is needed, and is not abroad where that is not allowed', async () => {
      expectError(await ask('phone'), 409, 'no_phone');
      await change({ phone: '+12065550142' });
      expectError(await ask('phone'), 400, 'invalid_request', 'phone');
    });

    it('gets its code although it has opted out, for it was asked for', async () => {
      await change({ phone });
      await hear(gateway, shop.phone, { from: phone, text: 'STOP' });
      await codeBySms();
      must(202, await ask('phone'));
      expect(must(200, await confirm('phone', await codeBySms()))).toMatchObject({ phone, stopped: ['sms'] });
    });

    it('is not told by the messages, the export or the log what its code was', async () => {
      await change({ phone });
      must(202, await ask('phone'));
      const [text] = await ownTexts(gateway, phone);
      const code = codeIn(text!.text);
      const shown = must(200, await shop.admin.get(`/messages/${text!._id}`));
      expect(shown).toMatchObject({ text: '', confidential: true, to: phone });
      const exported = await shop.admin.get('/reports/export.csv?columns=message_id,text');
      const everywhere = [
        shown,
        must(200, await shop.admin.get(`/messages/all?to=${encodeURIComponent(phone)}`)),
        exported.body,
        must(200, await shop.admin.get('/admin/audit-logs?limit=500')),
        await gateway.store.collection('confirmations').find({}),
      ];
      expect(exported.status).toBe(200);
      expect(exported.body).toContain(text!._id);
      // A number, an id or a time may have the same six digits in it, but not by themselves.
      for (const one of everywhere) expect(JSON.stringify(one)).not.toMatch(new RegExp(`\\b${code}\\b`));
      const [job] = await lease(shop.phone);
      await report(shop.phone, job!.message_id, 'SENT');
      expectError(await shop.admin.post(`/messages/${text!._id}/resend`, {}), 409, 'confidential');
    });
  });

  describe('an e-mail address', () => {
    it('is confirmed by the code that was mailed, in the person’s language', async () => {
      await change({ email, language: 'vi' });
      must(202, await ask('email'));
      const [mail] = await mailsTo(gateway, email);
      expect(mail).toMatchObject({
        route: 'carrier:mail',
        confidential: true,
        subject: expect.stringContaining('mã xác nhận'),
      });
      expectError(await confirm('phone', codeIn(mail!.text)), 400, 'wrong_code', 'code');
      expect(must(200, await confirm('email', codeIn(mail!.text))).email_confirmed_at).not.toBe(null);
    });

    it('that is dead is reached again once it is confirmed, or is another', async () => {
      const died = (sent_at = gateway.clock.now()) =>
        gateway.get(RecipientEvents).tell({
          tenant,
          kind: 'dead_address',
          channel: 'email',
          address: email,
          sender: null,
          carrier: 'smtp',
          code: '550',
          at: gateway.clock.now(),
          sent_at,
        });
      await change({ email });
      await died();
      await died();
      expect((await get()).email_dead).toEqual({ code: '550', at: gateway.clock.now().toISOString() });
      must(202, await ask('email'));
      expect(must(200, await confirm('email', codeIn(await lastMailTo(gateway, email)))).email_dead).toBe(null);
      // A bounce comes late, of an e-mail from before.
      await died(new Date(gateway.clock.now().getTime() - 1));
      expect((await get()).email_dead).toBe(null);
      gateway.clock.advance(60);
      await died();
      expect((await get()).email_dead).not.toBe(null);
      expect(await change({ email: `new-${email}` })).toMatchObject({ email_dead: null, email_confirmed_at: null });
    });
  });

  describe('what one has stopped', () => {
    it('can be taken back by oneself, for a number that is one’s own', async () => {
      await confirmPhone();
      expect((await change({ stopped: ['sms', 'push'] })).stopped).toEqual(['sms', 'push']);
      expect(await optOutsOf(shop.admin, phone)).toMatchObject([{ source: 'person', sender: null }]);
      expect((await change({ stopped: ['push'] })).stopped).toEqual(['push']);
      expect(await optOutsOf(shop.admin, phone)).toEqual([]);
    });

    it('ends nothing, and begins nothing, for a number of somebody else', async () => {
      await change({ phone });
      await change({ stopped: ['sms'] });
      expect(await optOutsOf(shop.admin, phone)).toEqual([]);
      await hear(gateway, shop.phone, { from: phone, text: 'STOP' });
      expectError(await me.patch('/me/person', { stopped: [] }), 409, 'phone_not_confirmed');
      expect(await optOutsOf(shop.admin, phone)).toHaveLength(1);
      expect((await get()).stopped).toEqual(['sms']);
    });
  });

  describe('a device', () => {
    const devices = async (api = me) => must(200, await api.get('/me/devices')).items;
    const token = () => `token:of:${made}`;

    it('is registered, listed and taken off', async () => {
      const device = must(200, await me.post('/me/devices', { token: token() }));
      const fid = must(200, await me.post('/me/devices', { fid: `fid-${made}` }));
      expect(await devices()).toHaveLength(2);
      expect(must(200, await me.post('/me/devices', { token: token() })).id).toBe(device.id);
      expect((await devices()).map(({ kind }: { kind: string }) => kind).sort()).toEqual(['fid', 'token']);
      must(204, await me.delete(`/me/devices/${fid.id}`));
      expectError(await me.delete(`/me/devices/${fid.id}`), 404, 'device_not_found');
      expect(await devices()).toEqual([device]);
    });

    it('that somebody else had moves to who has it now', async () => {
      const before = (await addPerson(gateway, shop.admin, 'member')).api;
      const { id } = must(200, await before.post('/me/devices', { token: token() }));
      expectError(await me.delete(`/me/devices/${id}`), 404, 'device_not_found');
      expect(must(200, await me.post('/me/devices', { token: token() })).id).toBe(id);
      expect([await devices(before), (await devices()).length]).toEqual([[], 1]);
    });

    it('of another tenant stays theirs', async () => {
      must(200, await me.post('/me/devices', { token: token() }));
      const elsewhere = await addTenant(gateway, await gateway.admin(), `elsewhere-${made}`);
      must(200, await elsewhere.admin.api.post('/me/devices', { token: token() }));
      expect([await devices(), await devices(elsewhere.admin.api)].map(({ length }) => length)).toEqual([1, 1]);
    });

    it.each<[string, object]>([
      ['nothing', {}],
      ['two names', { token: 't', fid: 'f' }],
      ['a blank in it', { token: 'a b' }],
      ['letters of no token', { token: 'ñ' }],
      ['no end', { token: 'x'.repeat(4097) }],
    ])('is refused with %s', async (_, body) => {
      expectError(await me.post('/me/devices', body), 400, 'invalid_request');
      expect(await devices()).toEqual([]);
    });

    it('is one of twenty', async () => {
      for (let i = 0; i < 20; i++) must(200, await me.post('/me/devices', { fid: `${made}-${i}` }));
      expectError(await me.post('/me/devices', { fid: `${made}-20` }), 409, 'too_many_devices');
      must(200, await me.post('/me/devices', { fid: `${made}-19` }));
    });

    it('that is dead takes no push until it is registered again, and is gone after 90 days', async () => {
      const reached = async () => {
        const [mine] = await gateway.get(People).reachable(tenant, [(await get()).id]);
        return mine!.tokens.map(({ value }) => value);
      };
      const died = (sent_at = gateway.clock.now()) =>
        gateway.get(RecipientEvents).tell({
          tenant,
          kind: 'dead_address',
          channel: 'push',
          address: `token:${token()}`,
          sender: null,
          carrier: 'fcm',
          code: 'UNREGISTERED',
          at: gateway.clock.now(),
          sent_at,
        });
      const forgotten: string[] = [];
      gateway.get(PersonRemoval).register({ tokens: (_, ids) => void forgotten.push(...ids) as never });
      const { id } = must(200, await me.post('/me/devices', { token: token() }));
      expect(await reached()).toEqual([token()]);
      await died();
      expect([await reached(), (await devices())[0].dead.code]).toEqual([[], 'UNREGISTERED']);
      gateway.clock.advance(60 * 86_400);
      must(200, await me.post('/me/devices', { token: token() }));
      expect(await reached()).toEqual([token()]);
      await died(new Date(gateway.clock.now().getTime() - 1));
      expect(await reached()).toEqual([token()]);
      gateway.clock.advance(31 * 86_400);
      await died();
      gateway.clock.advance(90 * 86_400);
      await gateway.get(DeadTokensWorker).run();
      expect(await devices()).toHaveLength(1);
      gateway.clock.advance(1);
      await gateway.get(DeadTokensWorker).run();
      expect([await devices(), forgotten]).toEqual([[], [id]]);
    });
  });
});
