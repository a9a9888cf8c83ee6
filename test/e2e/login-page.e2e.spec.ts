import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/gateway.js';
import { addPerson, must, PASSWORD, type Person } from '../support/people.js';
import { ThreeWays } from '../support/three-ways.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const FORM = 'application/x-www-form-urlencoded';

describe('the login page', () => {
  let ways: ThreeWays;
  let user: Person;
  beforeAll(async () => {
    ways = await ThreeWays.start();
    user = await addPerson(ways.gateway, ways.admin, 'member');
  });
  afterAll(() => ways.stop());

  /** As a browser does it: a form, and no redirect is followed. */
  async function call(method: string, path: string, fields?: Record<string, string>, headers: object = {}) {
    const body = fields ? { body: new URLSearchParams(fields).toString() } : {};
    const sent = { ...BROWSER, ...(fields ? { 'content-type': FORM } : {}), ...headers };
    const answer = await fetch(ways.gateway.url + path, { method, redirect: 'manual', headers: sent, ...body });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }
  const login = (password = PASSWORD, headers: object = {}) =>
    call('POST', '/login', { username: user.username, password }, headers);
  const cookie = async () => ({ cookie: (await login()).headers.get('set-cookie')!.split(';')[0]! });

  it.each([
    ['/preference', './login'],
    ['/preference/', '../login'],
    ['/notify/', '../login'],
  ])('is where a browser at %s is sent', async (path, location) => {
    const { status, headers } = await call('GET', path);
    expect([status, headers.get('location')]).toEqual([303, location]);
    expect(new URL(location, ways.gateway.url + path).pathname).toBe('/login');
  });

  it('is a form without scripts, in English and in Vietnamese', async () => {
    const { text, headers } = await call('GET', '/login');
    expect(text).toMatch(/<form method="post">.*name="username".*name="password"/s);
    expect(text).not.toMatch(/<script|\son\w+=|\sstyle=|https?:/i);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*form-action 'self'/);
    expect((await call('GET', '/login', undefined, { 'accept-language': 'vi' })).text).toContain('<html lang="vi">');
  });

  it('gives a cookie that no script reads and no other site sends, as long as a token', async () => {
    const { status, headers } = await login();
    expect([status, headers.get('location')]).toEqual([303, './preference/']);
    expect(headers.get('set-cookie')).toMatch(
      /^trunkline_session=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Max-Age=14400; HttpOnly; SameSite=Strict$/,
    );
  });

  it('says that a password is wrong, and stops who guesses', async () => {
    const wrong = await login('wrong-horse-battery');
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([200, null]);
    expect(wrong.text).toContain('role="alert"');
    for (let i = 0; i < 10; i++) await call('POST', '/login', { username: 'nobody', password: 'x' });
    const stopped = await call('POST', '/login', { username: 'nobody', password: 'x' });
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(stopped.text).toContain('Too many failed logins');
  });

  it('lets a user change their preferences and notify themselves on a page', async () => {
    const session = await cookie();
    const hostile = '<script>alert(1)</script>';
    const saved = await call('POST', '/preference/', { notify_pref: 'sms', email: '', phone: '15105552054' }, session);
    expect(saved.text).toMatch(/<option value="sms" selected>.*name="phone"[^>]*value="15105552054"/s);
    expect(saved.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    const sent = await call('POST', '/notify/', { title: '', text: hostile, sendtime: '' }, session);
    expect(sent.status).toBe(200);
    expect(sent.text).not.toContain('<script');
    expect(await ways.messages({ to: '+15105552054' })).toMatchObject([{ text: hostile }]);
    const refused = await call('POST', '/preference/', { phone: 'none' }, session);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('A valid integer is required.')]);
    const asJson = { ...session, accept: 'application/json' };
    expect(JSON.parse((await call('GET', '/preference', undefined, asJson)).text).username).toBe(user.username);
  });

  it('gives a cookie that counts on pages alone, for one’s own', async () => {
    const session = { ...(await cookie()), accept: 'application/json' };
    for (const path of ['/auth/me', '/messages/all', '/clients'])
      expect([path, (await call('GET', path, undefined, session)).status]).toEqual([path, 401]);
    expect((await call('GET', '/sessions/new', undefined, session)).status).toBe(403);
    const broken = { cookie: 'trunkline_session=a.b.c', accept: 'application/json' };
    expect((await call('GET', '/preference', undefined, broken)).status).toBe(401);
    must(200, await ways.admin.patch(`/admin/users/${user.id}`, { is_active: false }));
    expect((await call('GET', '/preference', undefined, session)).status).toBe(401);
    must(200, await ways.admin.patch(`/admin/users/${user.id}`, { is_active: true }));
  });

  it('is of no use to a page of another site', async () => {
    const session = await cookie();
    const evil = { origin: 'https://evil.example.test', 'sec-fetch-site': 'cross-site' };
    const changed = await call('POST', '/preference/', { phone: '84901234567' }, { ...session, ...evil });
    expect(changed.status).toBe(403);
    expect((await login(PASSWORD, evil)).status).toBe(403);
    expect((await call('POST', '/logout', {}, evil)).status).toBe(403);
    const ours = { origin: ways.gateway.url, 'sec-fetch-site': 'same-origin' };
    expect((await login(PASSWORD, ours)).status).toBe(303);
  });

  it('is where a logout leads, which takes the cookie away', async () => {
    const { status, headers } = await call('POST', '/logout', {});
    expect([status, headers.get('location')]).toEqual([303, './login']);
    expect(headers.get('set-cookie')).toMatch(/^trunkline_session=; Path=\/; Max-Age=0; /);
  });

  it('is for every role', async () => {
    const { username, password } = ADMIN;
    expect((await call('POST', '/login', { username, password })).status).toBe(303);
  });
});
