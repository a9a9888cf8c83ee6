import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeFcm } from '../fakes/fcm.js';
import { TestGateway } from '../support/gateway.js';
import { expectError } from '../support/expect-error.js';
import { addPerson, addTenant, must, PASSWORD, type Person } from '../support/people.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const WEB = {
  apiKey: 'AIza',
  projectId: 'shop-4711',
  messagingSenderId: '1',
  appId: '1:1:web:1',
  vapidKey: '</script>',
};
const ACCOUNT = new FakeFcm().serviceAccount();
const HOMES = ['/', '/proxypoc/', '/proxypoc', '/sms/', '/sms/proxypoc/', '/sms'];
const PAGES = ['/push', '/push/', '/console/push', '/sms/push', '/sms/console/push/'];

describe('the page on which a browser registers for pushes', () => {
  let gateway: TestGateway;
  let admin: Person['api'];
  beforeAll(async () => {
    gateway = await TestGateway.start({ FIREBASE_WEB_CONFIG: JSON.stringify(WEB) });
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());

  const page = (path: string, headers: Record<string, string> = {}) =>
    gateway.api.get(path, { headers: { ...BROWSER, ...headers }, redirect: 'manual' });
  const linksOf = (html: string, path: string) =>
    [...html.matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, link]) => new URL(link!, gateway.url + path).pathname);

  it.each(HOMES)('%s is a home page for browsers, and lists links to others', async (path) => {
    const { status, body, headers } = await page(path);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('vary')).toBe('accept, accept-language');
    const paths = linksOf(body, path);
    expect(paths.map((one) => one.replace(/^(\/sms)?(\/proxypoc)?/, ''))).toEqual([
      '/sessions/new',
      '/login',
      '/preference/',
      '/schema/swagger-ui',
      '/push/page.js',
    ]);
    for (const one of paths) expect([one, (await admin.get(one)).status]).toEqual([one, 200]);
    for (const accept of ['application/json', '*/*']) {
      const { status, body, headers } = await gateway.api.get(path, { headers: { accept } });
      expect([status, headers.get('vary')]).toEqual([200, 'accept']);
      expect(body.links.push).toBe('push');
      for (const link of Object.values<string>(body.links)) {
        const found = await admin.get(new URL(link, gateway.url + path).pathname);
        expect([link, found.status]).toEqual([link, 200]);
      }
    }
  });

  it.each(['/', ...PAGES])('%s has the button, the field, and a script of ours', async (path) => {
    const { status, body } = await page(path);
    expect(status).toBe(200);
    expect(body).toContain('Allow notifications on this device');
    expect(body).toMatch(/<label for="push-token">.*<textarea id="push-token"[^>]* readonly>/s);
    expect(body.match(/<script[^>]*>/g)).toHaveLength(1);
    expect(linksOf(body, path).at(-1)).toBe(`${path.startsWith('/sms') ? '/sms' : ''}/push/page.js`);
    expect(body).not.toMatch(/\son\w+=|\sstyle=|javascript:/i);
    expect(body.match(/https?:\/\/[^ "]+\.js/g)).toEqual([
      expect.stringMatching(/^https:\/\/www\.gstatic\.com\/firebasejs\/\d+\.\d+\.\d+\/firebase-app-compat\.js$/),
      expect.stringMatching(/^https:\/\/www\.gstatic\.com\/firebasejs\/\d+\.\d+\.\d+\/firebase-messaging-compat\.js$/),
    ]);
  });

  it.each(['/', '/push', '/firebase-messaging-sw.js'])('%s may load and call what Firebase needs', async (path) => {
    const policy = (await page(path)).headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "script-src 'self' https://www.gstatic.com",
        "connect-src 'self' https://fcmregistrations.googleapis.com https://firebaseinstallations.googleapis.com",
        "worker-src 'self'",
      ]),
    );
    expect(policy).not.toMatch(/unsafe|\*/);
    const others = (await page('/login')).headers.get('content-security-policy');
    expect(others).not.toMatch(/script-src|connect-src|worker-src/);
  });

  it('is in Vietnamese for who reads that', async () => {
    const { body, headers } = await page('/', { 'accept-language': 'vi-VN,vi;q=0.9' });
    expect(body).toContain('<html lang="vi">');
    expect(body).toContain('Cho phép thông báo trên thiết bị này');
    expect(headers.get('content-language')).toBe('vi');
  });

  it.each(['', '/sms'])('has its scripts below "%s"', async (prefix) => {
    const script = await page(`${prefix}/push/page.js`);
    const worker = await page(`${prefix}/firebase-messaging-sw.js`);
    for (const { status, headers, body } of [script, worker]) {
      expect([status, headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(() => new Script(body)).not.toThrow();
    }
    expect(script.headers.get('cache-control')).toBe('max-age=300');
    expect([worker.headers.get('cache-control'), worker.headers.get('service-worker-allowed')]).toEqual([
      'no-cache',
      '/',
    ]);
    expect(worker.body).toContain(`firebase.initializeApp(${JSON.stringify(WEB)})`);
    const config = await page(`${prefix}/push/config.json`);
    expect([config.status, config.body, config.headers.get('cache-control')]).toEqual([200, WEB, 'no-store']);
  });

  describe('for who has logged in', () => {
    let user: Person;
    let cookie: string;
    beforeAll(async () => {
      user = await addPerson(gateway, admin, 'member');
      const fields = new URLSearchParams({ username: user.username, password: PASSWORD }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await gateway.api.call('POST', '/login', fields, { headers, redirect: 'manual' });
      cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
    });
    const tie = (headers: Record<string, string>) =>
      gateway.api.post('/push/devices', { token: 'cA1b:APA91b' }, headers);

    it('has another button, which makes the device one of theirs', async () => {
      expect((await page('/push')).body).not.toContain('id="push-mine"');
      expect((await page('/push', { cookie })).body).toMatch(/id="push-mine">Use for my notifications</);
      expect(must(200, await tie({ cookie }))).toMatchObject({ kind: 'token', value: 'cA1b:APA91b' });
      const { items } = must(200, await user.api.get('/me/devices'));
      expect(items).toEqual([expect.objectContaining({ value: 'cA1b:APA91b' })]);
    });

    it('takes it from no other site, and from nobody else', async () => {
      expectError(await tie({ cookie, 'sec-fetch-site': 'cross-site' }), 403, 'forbidden');
      expectError(await tie({ cookie: 'trunkline_session=x.y.z' }), 401, 'unauthenticated');
      expect((await tie({})).status).toBe(401);
    });
  });
});

describe('the page where Firebase is not set up', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  it.each(['/', '/push', '/console/push'])('says at %s why there is no token', async (path) => {
    const { status, body } = await gateway.api.as(BROWSER).get(path);
    expect(status).toBe(200);
    expect(body).toMatch(/There is no token here.*the administrator sets FIREBASE_WEB_CONFIG/);
    expect(body).not.toMatch(/<script|<button/);
    const vi = await gateway.api.as({ ...BROWSER, 'accept-language': 'vi' }).get(path);
    expect(vi.body).toMatch(/chưa được .*FIREBASE_WEB_CONFIG/);
  });

  it('has no configuration, and no worker', async () => {
    for (const path of ['/push/config.json', '/firebase-messaging-sw.js'])
      expectError(await gateway.api.get(path), 404, 'push_not_set_up');
    expectError(await gateway.api.get('/push/other.js'), 404, 'route_not_found');
  });
});

describe("the page of a tenant's own account at Firebase", () => {
  const OWN = { apiKey: 'own', projectId: 'own-1', messagingSenderId: '2', appId: '1:2:web:2' };
  let gateway: TestGateway;
  let admin: Person['api'];
  beforeAll(async () => {
    gateway = await TestGateway.start({ FIREBASE_WEB_CONFIG: JSON.stringify(WEB) });
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());

  const setUp = async (api: Person['api'], more: object) =>
    must(200, await api.put('/admin/carriers/fcm', { project_id: 'own-1', service_account: ACCOUNT, ...more }));
  const shown = async () => {
    const script = await gateway.api.get('/firebase-messaging-sw.js');
    expect(script.body).toContain(must(200, await gateway.api.get('/push/config.json')).apiKey);
    return must(200, await gateway.api.get('/push/config.json'));
  };

  it('has the configuration of the account, else that of the environment', async () => {
    expect(await shown()).toEqual(WEB);
    await setUp(admin, { web_config: JSON.stringify(OWN) });
    expect(await shown()).toEqual(OWN);
    await setUp(admin, {});
    expect(await shown()).toEqual(WEB);
  });

  it('is the default tenant’s', async () => {
    const other = await addTenant(gateway, admin, 'other-shop');
    await setUp(other.admin.api, { web_config: JSON.stringify(OWN) });
    expect(await shown()).toEqual(WEB);
  });
});
