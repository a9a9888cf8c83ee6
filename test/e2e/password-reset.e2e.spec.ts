import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AccountMailer } from '../../src/people/accounts/account-mailer.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { lastMailTo, mailsTo, sendMailByStandIn } from '../support/mail-route.js';
import { addTenant, must } from '../support/people.js';

const OLD = 'correct-horse-battery';
const NEW = 'battery-staple-horse';
const PUBLIC = 'https://sms.example.com';

describe('a forgotten password', () => {
  let gateway: TestGateway;
  let admin: Api;
  let id: string;
  let username: string;
  let email: string;
  let made = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ PUBLIC_URL: PUBLIC, JWT_ACCESS_MINUTES: '1000000' });
    sendMailByStandIn(gateway);
    admin = await gateway.admin();
  });
  beforeEach(async () => {
    gateway.clock.advance(3600);
    username = `forgetful-${++made}`;
    email = `forgetful-${made}@example.com`;
    ({ id } = must(201, await admin.post('/admin/users', { username, password: OLD, role: 'operator', email })));
  });
  afterAll(() => gateway.stop());

  const settled = () => gateway.get(AccountMailer).settled();
  const ask = async (body: object) => {
    const answer = await gateway.api.post('/auth/password-reset', body);
    await settled();
    return answer;
  };
  async function link(): Promise<string> {
    const [, found] = /(https:\S+)/.exec(await lastMailTo(gateway, email)) ?? [];
    expect(found).toMatch(/^https:\/\/sms\.example\.com\/auth\/new-password\?token=[\w-]+$/);
    return gateway.url + found!.slice(PUBLIC.length);
  }
  const tokenOf = (url: string) => new URL(url).searchParams.get('token')!;
  const confirm = async (token: string, password = NEW) => {
    const answer = await gateway.api.post('/auth/password-reset/confirm', { token, password });
    await settled();
    return answer;
  };
  const login = async (password: string) => (await gateway.api.post('/auth/login', { username, password })).status;

  it('is replaced by the mailed link, which ends every token and tells the owner', async () => {
    const before = await gateway.login(username, OLD);
    const basic = gateway.api.withBasic(username, OLD);
    must(200, await basic.get('/auth/me'));
    expect(must(202, await ask({ username: username.toUpperCase() }))).toEqual({ status: 'ok' });
    must(200, await before.get('/auth/me'));
    must(200, await confirm(tokenOf(await link())));
    expectError(await before.get('/auth/me'), 401, 'unauthenticated');
    expectError(await basic.get('/auth/me'), 401, 'unauthenticated');
    expect([await login(OLD), await login(NEW)]).toEqual([401, 200]);
    const mails = await mailsTo(gateway, email);
    expect(mails).toHaveLength(2);
    const [notice, ...more] = mails.filter(({ text }) => !/https:|tlc_/.test(text));
    expect([notice!.subject, more]).toEqual(['sms: mật khẩu của bạn đã được thay đổi', []]);
    const [line] = must(200, await admin.get('/admin/audit-logs?action=RESET_PASSWORD')).items;
    expect(line).toMatchObject({ actor_type: 'SYSTEM', actor_id: id, data: { user_id: id, address: '127.0.0.1' } });
  });

  it('is asked for by the address of the account, with a link for each that has it', async () => {
    const other = `${username}-too`;
    must(201, await admin.post('/admin/users', { username: other, password: OLD, role: 'viewer', email }));
    must(202, await ask({ email: email.replace('example', 'EXAMPLE') }));
    const texts = (await mailsTo(gateway, email)).map(({ text }) => text);
    expect(texts).toHaveLength(2);
    for (const name of [username, other]) expect(texts.some((text) => text.includes(`${name} `))).toBe(true);
  });

  it('answers alike whoever there is, and mails nobody who is not', async () => {
    const off = `${username}-off`;
    const offEmail = `off-${email}`;
    const { id: offId } = must(
      201,
      await admin.post('/admin/users', { username: off, password: OLD, role: 'viewer', email: offEmail }),
    );
    must(200, await admin.patch(`/admin/users/${offId}`, { is_active: false }));
    const answers = [
      await ask({ username }),
      await ask({ username: 'nobody' }),
      await ask({ username: 'admin' }),
      await ask({ username: off }),
      await ask({ email: offEmail }),
      await ask({ email: 'nobody@example.com' }),
      await ask({ email: 'no address' }),
      await ask({ username, tenant: 'nowhere' }),
    ];
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect([(await mailsTo(gateway, email)).length, (await mailsTo(gateway, offEmail)).length]).toEqual([1, 0]);
  });

  it('is looked for in one tenant alone', async () => {
    const other = await addTenant(gateway, admin, `other-${made}`);
    must(202, await ask({ email, tenant: other.slug }));
    must(202, await ask({ username, tenant: other.slug }));
    expect(await mailsTo(gateway, email)).toEqual([]);
    must(202, await ask({ username, tenant: 'default' }));
    expect(await mailsTo(gateway, email)).toHaveLength(1);
  });

  it('has a link for one use, for an hour, and for the password of now', async () => {
    must(202, await ask({ username }));
    const first = tokenOf(await link());
    must(200, await confirm(first));
    expectError(await confirm(first, OLD), 400, 'link_over', 'token');
    gateway.clock.advance(60);
    must(202, await ask({ username }));
    const second = tokenOf(await link());
    gateway.clock.advance(3600);
    expectError(await confirm(second, OLD), 400, 'link_over', 'token');
    must(202, await ask({ username }));
    const third = tokenOf(await link());
    must(200, await admin.patch(`/admin/users/${id}`, { password: 'staple-battery-horse' }));
    expectError(await confirm(third, OLD), 400, 'link_over', 'token');
    expect([await login(OLD), await login(NEW), await login('staple-battery-horse')]).toEqual([401, 401, 200]);
  });

  it('is set once of two at the same moment', async () => {
    must(202, await ask({ username }));
    const token = tokenOf(await link());
    const answers = await Promise.all([confirm(token, NEW), confirm(token, 'horse-battery-staple')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  it('goes to no address that somebody has only written of themselves', async () => {
    const me = await gateway.login(username, OLD);
    must(200, await me.patch('/me/person', { email: 'thief@example.com' }));
    must(202, await ask({ username }));
    must(202, await ask({ email: 'thief@example.com' }));
    expect([(await mailsTo(gateway, 'thief@example.com')).length, (await mailsTo(gateway, email)).length]).toEqual([
      0, 1,
    ]);
  });

  it('is mailed once a minute and five times an hour', async () => {
    for (let i = 0; i < 3; i++) must(202, await ask({ username }));
    expect(await mailsTo(gateway, email)).toHaveLength(1);
    for (let i = 0; i < 7; i++) {
      gateway.clock.advance(60);
      must(202, await ask({ username }));
    }
    expect(await mailsTo(gateway, email)).toHaveLength(5);
  });

  it('shows its link to nobody else, and keeps no token', async () => {
    must(202, await ask({ username }));
    const token = tokenOf(await link());
    const [mail] = await mailsTo(gateway, email);
    const seen = [
      must(200, await admin.get(`/messages/${mail!._id}`)),
      must(200, await admin.get('/messages/all')),
      must(200, await admin.get('/admin/audit-logs?limit=500')),
      await gateway.store.collection('confirmations').find({}),
    ];
    expect(JSON.stringify(seen)).not.toContain(token);
    must(200, await confirm(token));
  });

  it.each<[string, object, string]>([
    ['nobody named', {}, 'username'],
    ['both named', { username: 'a', email: 'a@example.com' }, 'username'],
    ['more', { username: 'a', password: NEW }, 'password'],
  ])('is not asked for with %s', async (_, body, field) => {
    expectError(await ask(body), 400, 'invalid_request', field);
  });

  describe('on its page', () => {
    const submit = (url: string, password: string, headers: Record<string, string> = {}) =>
      fetch(url.split('?')[0]!, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ token: tokenOf(url), password }),
      });

    it('is set by a form that needs no script', async () => {
      must(202, await ask({ username }));
      const url = await link();
      const page = await fetch(url);
      const html = await page.text();
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/,
      );
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(html).toContain(username);
      expect(html).toMatch(/<form method="post" action="new-password">[^]*<label for="password">[^]*type="password"/);
      expect(html).not.toMatch(/<script|\son\w+=|\sstyle=/i);
      const done = await submit(url, NEW);
      expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('The password is set.')]);
      expect(await login(NEW)).toBe(200);
      expect([(await fetch(url)).status, (await submit(url, OLD)).status]).toEqual([410, 410]);
    });

    it('says so, in Vietnamese too, when the password is too short or too long, and may be tried again', async () => {
      must(202, await ask({ username }));
      const url = await link();
      for (const bad of ['short', 'ắ'.repeat(30)]) {
        const page = await submit(url, bad, { 'accept-language': 'vi' });
        const html = await page.text();
        expect([page.status, html]).toEqual([400, expect.stringContaining('Mật khẩu này quá ngắn hoặc quá dài.')]);
        expect(html).toContain('<form');
      }
      expect(await login(OLD)).toBe(200);
      expect((await submit(url, NEW)).status).toBe(200);
    });

    it('is not set by a link for something else, and every mistake is told by a page', async () => {
      for (const token of ['', 'tlc_nothing', '<script>']) {
        const page = await fetch(`${gateway.url}/auth/new-password?token=${encodeURIComponent(token)}`);
        expect([page.status, await page.text()]).toEqual([410, expect.not.stringContaining('<script>')]);
      }
      const page = await fetch(`${gateway.url}/auth/new-password`, { method: 'POST', body: new URLSearchParams() });
      expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
      expect(await page.text()).toContain('token: is required');
    });
  });
});

describe('a forgotten password without PUBLIC_URL', () => {
  it('is replaced with the token that stands in the mail', async () => {
    const gateway = await TestGateway.start();
    try {
      sendMailByStandIn(gateway);
      const user = { username: 'an', password: OLD, role: 'viewer', email: 'an@example.com' };
      must(201, await (await gateway.admin()).post('/admin/users', user));
      must(202, await gateway.api.post('/auth/password-reset', { username: 'an' }));
      await gateway.get(AccountMailer).settled();
      const text = await lastMailTo(gateway, 'an@example.com');
      expect(text).not.toContain('http');
      const token = /\btlc_[\w-]+/.exec(text)![0];
      must(200, await gateway.api.post('/auth/password-reset/confirm', { token, password: NEW }));
      await gateway.login('an', NEW);
    } finally {
      await gateway.stop();
    }
  });
});
