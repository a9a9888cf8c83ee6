import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from '../../src/proxy/pool.js';
import { Sessions } from '../../src/proxy/sessions.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import { Api } from '../support/api.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { addPerson } from '../support/people.js';
import { createKey } from '../support/shop.js';

const HOSTILE = `Công ty TNHH Nguyễn & "Đặng" <script>alert('x')</script>`;
const LONG = `Phiên ${'Trần Thị Phương Thảo '.repeat(9).trim()}`;
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('the landing page', () => {
  let gateway: TestGateway;
  let admin: Api;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    admin = gateway.api.withBasic(ADMIN.username, ADMIN.password);
  });
  afterAll(() => gateway.stop());

  const page = (headers: Record<string, string> = {}, path = '/sessions/new') => admin.get(path, { headers });

  it.each(['/sessions/new', '/proxypoc/sessions/new', '/sms/sessions/new'])(
    '%s has the form for a new session',
    async (path) => {
      const { status, body, headers } = await page({}, path);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      const form = /<form method="post" action="([^"]+)"[^>]*>(.*)<\/form>/s.exec(body)!;
      expect(new URL(form[1]!, gateway.url + path).pathname).toBe(path.replace('/new', ''));
      expect([...form[2]!.matchAll(/ name="(\w+)"/g)].map(([, name]) => name)).toEqual([
        'address',
        'address',
        'friendlyName',
      ]);
      for (const [, id] of form[2]!.matchAll(/<input id="(\w+)"/g)) expect(form[2]).toContain(`<label for="${id}">`);
      expect(body).toContain('Create a new proxy session');
    },
  );

  it('is under a policy that lets nothing but its own style and its form to us through', async () => {
    const { body, headers } = await page();
    const style = /<style>(.*)<\/style>/s.exec(body)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).not.toMatch(/<script|\son\w+=|\sstyle=|https?:|javascript:/i);
  });

  it('is in Vietnamese for who reads that', async () => {
    const vi = await page({ 'accept-language': 'vi-VN,vi;q=0.9,en;q=0.8' });
    expect(vi.body).toContain('<html lang="vi">');
    expect(vi.body).toContain('Tạo phiên ẩn số mới');
    expect(vi.headers.get('content-language')).toBe('vi');
    const en = await page({ 'accept-language': 'fr,en;q=0.5' });
    expect(en.body).toContain('<html lang="en">');
    expect(en.headers.get('vary')).toContain('accept-language');
  });

  it('shows the pool and the open sessions, with whatever they are called', async () => {
    expect((await page()).body).toContain('The pool has no numbers yet.');
    const begun = gateway.clock.now().getTime();
    const at = (seconds: number) => new Date(begun + seconds * 1000).toISOString();
    await fill();
    const { body } = await page();
    const rows = [...body.matchAll(/<tr><th scope="row">(.*?)<\/th>(.*?)<\/tr>/g)].map(([, first, rest]) => [
      first,
      ...[...rest!.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell]) => cell),
    ]);
    expect(rows).toEqual([
      ['+12065550111', 'twilio', 'sms, whatsapp, voice', 'shared', '3'],
      ['+84901234567', 'phone agt_1', 'sms', 'exclusive', '0'],
      ['Công ty TNHH Nguyễn &#38; &#34;Đặng&#34; &#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;', '3', at(120)],
      [LONG, '2', at(60)],
      ['(no name)', '2', at(0)],
    ]);
    // No participant's number.
    expect(body).not.toContain('5550177');
  });

  it('asks a browser for a password, and is for operators and keys that manage sessions', async () => {
    const nobody = await gateway.api.as(BROWSER).get('/sessions/new');
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="Trunkline", charset="UTF-8"',
    ]);
    expect((await gateway.api.get('/requests')).headers.get('www-authenticate')).toBe('Bearer');
    const people = await gateway.admin();
    for (const [role, status] of [
      ['operator', 200],
      ['viewer', 403],
      ['member', 403],
    ] as const)
      expect([role, (await (await addPerson(gateway, people, role)).api.get('/sessions/new')).status]).toEqual([
        role,
        status,
      ]);
    for (const [scope, status] of [
      ['proxy:manage', 200],
      ['sms:send', 403],
    ] as const) {
      const { plain_key: key } = await createKey(people, [scope]);
      expect([scope, (await gateway.api.withKey(key).get('/sessions/new')).status]).toEqual([scope, status]);
    }
  });

  /** Numbers of a carrier and of a phone, and three sessions. */
  async function fill(): Promise<void> {
    const [pool, sessions, clock] = [gateway.get(Pool), gateway.get(Sessions), gateway.clock];
    const tenant = await gateway.get(TenantsService).idOf('default');
    await pool.add(tenant, {
      number: '+12065550111',
      owner: { carrier: 'twilio' },
      channels: ['sms', 'whatsapp', 'voice'],
      mode: 'shared',
    });
    const people = (...addresses: string[]) => addresses.map((address) => ({ address, channel: 'sms' as const }));
    for (const [friendlyName, ...addresses] of [
      [undefined, '+12025550171', '+12025550172'],
      [LONG, '+12025550173', '+12025550174'],
      [HOSTILE, '+12025550177', '+12025550178', '+12025550179'],
    ] as [string | undefined, ...string[]][]) {
      const opened = await sessions.open(tenant, {
        participants: people(...addresses),
        numbers: 'each',
        ...(friendlyName ? { friendlyName } : {}),
      });
      expect(opened).toHaveProperty('session');
      clock.advance(60);
    }
    await pool.add(tenant, {
      number: '+84901234567',
      owner: { agent_id: 'agt_1', sim_slot: 0 },
      channels: ['sms'],
      mode: 'exclusive',
    });
  }
});

describe('a page of another site', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start({ PUBLIC_URL: 'https://sms.example.test/gateway' });
  });
  afterAll(() => gateway.stop());

  const basic = () => gateway.api.withBasic(ADMIN.username, ADMIN.password);
  const template = { name: 'otp', content: 'Ma OTP {CODE}' };

  it('may do nothing with a password that the browser knows', async () => {
    for (const headers of <Record<string, string>[]>[
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site', origin: gateway.url },
      { origin: 'https://evil.example.test' },
      { origin: 'https://evil.example.test/sms.example.test' },
      { origin: 'null' },
    ]) {
      const { status, body } = await basic().post('/templates', template, headers);
      expect([headers, status, body.code]).toEqual([headers, 403, 'forbidden']);
    }
    expect((await basic().get('/templates?approved=all')).body.count).toBe(0);
  });

  it('is no concern of our own pages, programs, tokens and reads', async () => {
    for (const headers of <Record<string, string>[]>[
      {},
      { 'sec-fetch-site': 'same-origin', origin: 'null' },
      { 'sec-fetch-site': 'none' },
      { origin: gateway.url },
      { origin: 'https://sms.example.test' },
    ])
      expect((await basic().post('/templates', template, headers)).status).toBe(201);
    const evil = { origin: 'https://evil.example.test', 'sec-fetch-site': 'cross-site' };
    expect((await (await gateway.admin()).post('/templates', template, evil)).status).toBe(201);
    expect((await basic().as(evil).get('/templates')).status).toBe(200);
  });
});
