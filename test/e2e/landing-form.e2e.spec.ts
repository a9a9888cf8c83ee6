import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';

const POOL = ['+12065550131', '+12065550132'];
const PREFIXES = ['', '/proxypoc', '/sms'];
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

interface Form {
  action: string;
  method: string;
  /** In their order; the browser sends every one, also an empty one. */
  names: string[];
}

/** A browser that runs no script: it shows the page, and sends its form as HTML says. */
describe('the form of the landing page', () => {
  let gateway: TestGateway;
  let admin: Api;
  let people = 0;
  let a: string;
  let b: string;

  beforeAll(async () => {
    gateway = await TestGateway.start({ NUMBER_POOL: JSON.stringify(POOL) });
    admin = gateway.api.withBasic(ADMIN.username, ADMIN.password);
  });
  beforeEach(() => {
    gateway.clock.advance(1);
    [a, b] = [1, 2].map(() => `+1202557${String(1000 + ++people)}`) as [string, string];
  });
  afterAll(() => gateway.stop());

  async function show(path: string): Promise<Form> {
    const html = must(200, await admin.as(BROWSER).get(path)) as string;
    const [, attributes, inside] = /<form ([^>]*)>(.*?)<\/form>/s.exec(html)!;
    const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(attributes!)?.[1];
    expect(attribute('enctype')).toBeUndefined();
    return {
      action: new URL(attribute('action')!, gateway.url + path).pathname,
      method: attribute('method')!.toUpperCase(),
      names: [...inside!.matchAll(/<(?:input|button)[^>]*? name="(\w+)"/g)].map(([, name]) => name!),
    };
  }
  function submit({ action, method, names }: Form, ...typed: string[]) {
    const body = new URLSearchParams(names.map((name, i): [string, string] => [name, typed[i] ?? ''])).toString();
    return admin
      .as({ ...BROWSER, origin: gateway.url, 'sec-fetch-site': 'same-origin' })
      .call(method, action, body, { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  }
  const open = async () =>
    must(200, await admin.get('/sessions?limit=500')).filter(({ state }: { state: string }) => state !== 'closed');

  it.each(PREFIXES)('at %s/sessions/new creates a session, and shows it as JSON', async (prefix) => {
    const form = await show(`${prefix}/sessions/new`);
    const made = await submit(form, a, ` whatsapp:${b} `, 'Đơn hàng 7');
    expect([made.status, made.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/json/)]);
    expect(made.body).toMatchObject({
      sid: expect.stringMatching(/^CH[0-9a-f]{32}$/),
      friendlyName: 'Đơn hàng 7',
      participants: [
        { messagingBinding: { type: 'sms', address: a } },
        { messagingBinding: { type: 'whatsapp', address: `whatsapp:${b}` } },
      ],
    });
    expect(must(200, await admin.get(`/sessions/${made.body.sid}`))).toEqual(made.body);
    expect(must(200, await admin.get(`${prefix}/sessions/new`))).toContain('Đơn hàng 7');
  });

  it('needs no name', async () => {
    const { body } = await submit(await show('/sessions/new'), a, b);
    expect(body).toMatchObject({ state: 'active', participants: [{}, {}] });
    expect(body.friendlyName || null).toBeNull();
  });

  it.each([
    ['no number', () => ['', '']],
    ['one number alone', () => [a, '']],
    ['a word', () => [a, 'Nam']],
    ['a number without its country code', () => [a, '0901234567']],
    ['the same number twice', () => [a, a.slice(1)]],
    ['a number of the pool', () => [a, POOL[0]!]],
  ])('is refused with %s, by a sentence that names the field', async (_, typed) => {
    const before = await open();
    const refused = await submit(await show('/sessions/new'), ...typed());
    expect([refused.status, refused.body]).toEqual([
      400,
      { message: expect.stringMatching(/^address(es)?(\.\d)?\b/), raw_message: 'invalid_request' },
    ]);
    expect(await open()).toEqual(before);
  });

  it('is refused where the pool has no number left for somebody', async () => {
    const form = await show('/sessions/new');
    for (const _ of POOL) must(200, await submit(form, a, `+1202558${String(1000 + ++people)}`));
    const full = await submit(form, a, b);
    expect([full.status, full.body]).toEqual([
      500,
      {
        message: 'Could not add participants session',
        raw_message: `Not enough numbers available in pool for ${a}`,
      },
    ]);
  });

  it('is not taken from another site’s page', async () => {
    const { action, names } = await show('/sessions/new');
    const body = new URLSearchParams(names.map((name, i): [string, string] => [name, [a, b][i] ?? ''])).toString();
    const before = await open();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example.test' };
    expect((await admin.post(action, body, headers)).status).toBe(403);
    expect(await open()).toEqual(before);
  });
});
