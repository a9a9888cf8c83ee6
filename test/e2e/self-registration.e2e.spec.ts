import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AccountMailer } from '../../src/people/accounts/account-mailer.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { codeIn, lastMailTo, mailsTo, sendMailByStandIn } from '../support/mail-route.js';
import { addTenant, must } from '../support/people.js';

const PASSWORD = 'battery-staple-horse';

describe('registering oneself', () => {
  let gateway: TestGateway;
  let admin: Api;
  let username: string;
  let email: string;
  let made = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ PUBLIC_URL: 'https://sms.example.com', JWT_ACCESS_MINUTES: '1000000' });
    sendMailByStandIn(gateway);
    admin = await gateway.admin();
    must(200, await admin.put('/admin/settings', { self_registration: true }));
  });
  beforeEach(() => {
    gateway.clock.advance(3600);
    username = `Tuyết-${++made}`;
    email = `new-${made}@example.com`;
  });
  afterAll(() => gateway.stop());

  const register = async (more: object = {}) => {
    const answer = await gateway.api.post('/auth/register', { username, password: PASSWORD, email, ...more });
    await gateway.get(AccountMailer).settled();
    return answer;
  };
  async function linkTo(address = email): Promise<string> {
    const [, link] = /(https:\S+)/.exec(await lastMailTo(gateway, address)) ?? [];
    expect(link).toMatch(/^https:\/\/sms\.example\.com\/auth\/confirm\?token=[\w-]+$/);
    return gateway.url + link!.slice('https://sms.example.com'.length);
  }
  const press = (link: string, headers: Record<string, string> = {}) =>
    fetch(link.split('?')[0]!, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ token: new URL(link).searchParams.get('token')! }),
    });
  const canLogIn = async (name = username) =>
    (await gateway.api.post('/auth/login', { username: name, password: PASSWORD })).status === 200;
  const users = async (): Promise<any[]> => must(200, await admin.get('/admin/users?limit=500')).items;

  it('makes a member once the button of the mailed page is pressed, and not by opening it', async () => {
    expect(must(202, await register())).toEqual({ status: 'ok' });
    const link = await linkTo();
    for (let i = 0; i < 2; i++) {
      const page = await fetch(link, { headers: { 'accept-language': 'vi' } });
      const html = await page.text();
      expect([page.status, html]).toEqual([
        200,
        expect.stringContaining(`Bạn có muốn mở tài khoản ${username.toLowerCase()} không?`),
      ]);
      expect(html).toMatch(/<form method="post" action="confirm">/);
    }
    expect(await canLogIn()).toBe(false);
    expect((await press(link)).status).toBe(200);
    const me = await gateway.login(username, PASSWORD);
    expect(must(200, await me.get('/auth/me'))).toMatchObject({ role: 'member', email, tenant: 'default' });
    expect(must(200, await me.get('/me/person'))).toMatchObject({
      email,
      email_confirmed_at: gateway.clock.now().toISOString(),
    });
    const [line] = must(200, await admin.get('/admin/audit-logs?action=REGISTER_USER')).items;
    expect(line).toMatchObject({ actor_type: 'SYSTEM', data: { username: username.toLowerCase() } });
    expect([(await press(link)).status, (await fetch(link)).status]).toEqual([410, 410]);
  });

  it('works by the code as well', async () => {
    must(202, await register());
    const code = codeIn(await lastMailTo(gateway, email));
    const confirm = (more: object) => gateway.api.post('/auth/register/confirm', { username, email, code, ...more });
    expectError(await confirm({ code: code === '000000' ? '000001' : '000000' }), 400, 'wrong_code', 'code');
    expectError(await confirm({ email: `x${email}` }), 400, 'wrong_code', 'code');
    must(201, await confirm({}));
    expect(await canLogIn()).toBe(true);
    expectError(await confirm({}), 400, 'wrong_code', 'code');
  });

  it('answers alike, and mails alike, whoever has the name or the address', async () => {
    must(201, await admin.post('/admin/users', { username, password: PASSWORD, role: 'viewer', email }));
    const known = await register();
    const unknown = await register({ username: `${username}-b`, email: `b-${email}` });
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    expect([(await mailsTo(gateway, email)).length, (await mailsTo(gateway, `b-${email}`)).length]).toEqual([1, 1]);
    // Who can read the mail learns that the name is taken, and gets no account.
    const pressed = await press(await linkTo());
    expect([pressed.status, await pressed.text()]).toEqual([
      409,
      expect.stringContaining('Register again with another'),
    ]);
    expect((await users()).filter((user) => user.username === username.toLowerCase())).toMatchObject([
      { role: 'viewer' },
    ]);
  });

  it('is over after an hour', async () => {
    must(202, await register());
    const link = await linkTo();
    const code = codeIn(await lastMailTo(gateway, email));
    gateway.clock.advance(3600);
    expect([(await fetch(link)).status, (await press(link)).status]).toEqual([410, 410]);
    expectError(await gateway.api.post('/auth/register/confirm', { username, email, code }), 400, 'wrong_code', 'code');
    expect(await canLogIn()).toBe(false);
  });

  it('mails one address once a minute, and takes twenty calls in ten minutes from one caller', async () => {
    for (let i = 0; i < 3; i++) must(202, await register({ username: `${username}-${i}` }));
    expect(await mailsTo(gateway, email)).toHaveLength(1);
    for (let i = 0; i < 17; i++) must(202, await register({ email: `n${i}-${email}` }));
    const refused = await register();
    expectError(refused, 429, 'throttled');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('shows nobody the link or the code, and keeps neither', async () => {
    must(202, await register());
    const [mail] = await mailsTo(gateway, email);
    const token = new URL(await linkTo()).searchParams.get('token')!;
    const shown = must(200, await admin.get(`/messages/${mail!._id}`));
    expect(shown).toMatchObject({ text: '', confidential: true });
    const kept = JSON.stringify(await gateway.store.collection('confirmations').find({}));
    for (const secret of [token, PASSWORD]) expect(JSON.stringify(shown) + kept).not.toContain(secret);
    expect(kept).not.toMatch(new RegExp(`\\b${codeIn(mail!.text)}\\b`));
  });

  it.each<[string, object, string]>([
    ['a short password', { password: 'short' }, 'password'],
    ['one that bcrypt would cut', { password: 'ắ'.repeat(30) }, 'password'],
    ['no address', { email: 'nobody@nowhere' }, 'email'],
    ['a name with a colon', { username: 'a:b' }, 'username'],
    ['a role', { role: 'admin' }, 'role'],
  ])('is refused with %s', async (_, more, field) => {
    expectError(await register(more), 400, 'invalid_request', field);
    expect(await mailsTo(gateway, email)).toEqual([]);
  });

  it('is closed unless the tenant opens it, and to tenants that are none', async () => {
    const closed = await addTenant(gateway, admin, 'closed');
    const answers = [await register({ tenant: closed.slug }), await register({ tenant: 'nowhere' })];
    for (const answer of answers) expectError(answer, 403, 'forbidden');
    expect(answers[0]!.body.message).toBe(answers[1]!.body.message);
    must(200, await closed.admin.api.put('/admin/settings', { self_registration: true }));
    must(202, await register({ tenant: closed.slug }));
    expect((await press(await linkTo())).status).toBe(200);
    const me = await gateway.login(username, PASSWORD);
    expect(must(200, await me.get('/auth/me')).tenant).toBe('closed');
    must(200, await closed.admin.api.put('/admin/settings', { self_registration: null }));
    expectError(await register({ tenant: closed.slug }), 403, 'forbidden');
  });
});
