import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PeopleRepository } from '../../src/people/people.repository.js';
import { People } from '../../src/people/people.js';
import { UnsubscribeLinks } from '../../src/people/unsubscribe/unsubscribe-links.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { hear, optOutsOf } from '../support/opt-outs.js';
import { addPerson, must } from '../support/people.js';
import { openShop, type Shop } from '../support/shop.js';

const ORG = 'Quán <Phở> & "Bún"';

describe('unsubscribing', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let made = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ PUBLIC_URL: 'https://sms.example.com/gateway/', ORG_NAME: ORG });
    shop = await openShop(gateway, { scopes: ['sms:send_text', 'sms:read'] });
  });
  afterAll(() => gateway.stop());

  /** A person with a link, which leads to this gateway. */
  async function add(body: object = {}) {
    const phone = `+84908${String(100_000 + ++made)}`;
    const person = must(201, await shop.admin.post('/people', { email: `${made}@example.com`, phone, ...body }));
    return { id: person.id as string, phone, link: await linkOf(person.id) };
  }
  async function linkOf(id: string): Promise<string> {
    const person = await gateway.get(PeopleRepository).byId(await tenantOf(gateway), id);
    const url = gateway.get(People).unsubscribeUrl(person!)!;
    expect(url).toMatch(/^https:\/\/sms\.example\.com\/gateway\/unsubscribe\/per_[0-9a-z]{26}\.[\w-]{43}$/);
    return gateway.url + new URL(url).pathname.replace('/gateway', '');
  }
  const stoppedOf = async (id: string) => must(200, await shop.admin.get(`/people/${id}`)).stopped;
  const open = (link: string, headers = {}) => fetch(link, { headers });
  const post = (
    link: string,
    body: NonNullable<RequestInit['body']> | null = null,
    headers: Record<string, string> = {},
  ) => fetch(link, { method: 'POST', body, headers });

  it('is asked for by a page, and is done by its button alone', async () => {
    const { id, phone, link } = await add();
    const page = await open(link);
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html).toContain('<form method="post"><button type="submit">Unsubscribe</button></form>');
    expect(html).toContain('Quán &#60;Phở&#62; &#38; &#34;Bún&#34;');
    expect(await stoppedOf(id)).toEqual([]);
    const done = await post(link, new URLSearchParams());
    expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('You are unsubscribed.')]);
    expect(await stoppedOf(id)).toEqual(['email', 'sms', 'push']);
    expect(await optOutsOf(shop.admin, phone)).toMatchObject([{ source: 'person', sender: null }]);
  });

  it('has a page in Vietnamese, under a policy that lets nothing else through', async () => {
    const { link } = await add();
    const page = await open(link, { 'accept-language': 'vi' });
    const html = await page.text();
    expect(html).toContain('<html lang="vi">');
    expect(html).toContain('Ngừng nhận tin');
    const style = /<style>(.*)<\/style>/s.exec(html)![1]!;
    expect(page.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; ` +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(html).not.toMatch(/<script|\son\w+=|\sstyle=|https?:/i);
  });

  it.each<[string, () => NonNullable<RequestInit['body']> | null]>([
    ['as a form', () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    [
      'as a form with parts',
      () => {
        const form = new FormData();
        form.set('List-Unsubscribe', 'One-Click');
        return form;
      },
    ],
    ['with nothing', () => null],
  ])('is done by a mail program with one click, %s', async (_, body) => {
    const { id, link } = await add();
    const origin = { origin: 'https://mail.example.org', 'sec-fetch-site': 'cross-site' };
    expect((await post(link, body(), origin)).status).toBe(200);
    expect(await stoppedOf(id)).toEqual(['email', 'sms', 'push']);
  });

  it('may be done again, and is written down once', async () => {
    const { id, link } = await add();
    await Promise.all([post(link), post(link)]);
    expect((await post(link)).status).toBe(200);
    const { items } = must(200, await shop.admin.get('/admin/audit-logs?action=UNSUBSCRIBE&limit=500'));
    expect(items.filter(({ data }: any) => data.person_id === id)).toMatchObject([
      { actor_type: 'SYSTEM', actor_id: id },
    ]);
  });

  it('ends SMS until START, and the rest until the person takes it back', async () => {
    const me = await addPerson(gateway, shop.admin, 'member');
    const own = must(200, await me.api.get('/me/person'));
    await post(await linkOf(own.id));
    expect(await stoppedOf(own.id)).toEqual(['email', 'sms', 'push']);
    expect(must(200, await me.api.patch('/me/person', { stopped: [] })).stopped).toEqual([]);
    const { id, phone, link } = await add();
    await post(link);
    await hear(gateway, shop.phone, { from: phone, text: 'START' });
    expect(await stoppedOf(id)).toEqual(['email', 'push']);
  });

  it('opts no number out that somebody with an account has only written there', async () => {
    const me = await addPerson(gateway, shop.admin, 'member');
    const phone = '+84909999999';
    const { id } = must(200, await me.api.patch('/me/person', { phone }));
    await post(await linkOf(id));
    expect(await stoppedOf(id)).toEqual(['email', 'sms', 'push']);
    expect(await optOutsOf(shop.admin, phone)).toEqual([]);
  });

  it('is for nobody else: a link of another, a changed one or none of ours does nothing', async () => {
    const [one, other] = [await add(), await add()];
    const signature = one.link.split('.').at(-1)!;
    const links = [
      `${gateway.url}/unsubscribe/${other.id}.${signature}`,
      `${one.link}x`,
      `${one.link}.`.replace(/.\.$/, ''),
      `${gateway.url}/unsubscribe/${other.id}`,
      `${gateway.url}/unsubscribe/.`,
      `${gateway.url}/unsubscribe/${'x'.repeat(3000)}`,
    ];
    for (const link of links)
      for (const answer of [await open(link), await post(link)]) {
        expect([link, answer.status]).toEqual([link, 404]);
        await answer.body?.cancel();
      }
    expect([await stoppedOf(one.id), await stoppedOf(other.id)]).toEqual([[], []]);
    must(204, await shop.admin.delete(`/people/${one.id}`));
    expect((await post(one.link)).status).toBe(404);
  });
});

describe('a link to unsubscribe', () => {
  const KEYS = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((key) => key.toString('base64'));

  it('holds while the key that signed it opens what it encrypted, and there is none without an address of ours', async () => {
    const linkUnder = async (env: Record<string, string>) => {
      const gateway = await TestGateway.start(env);
      try {
        const person = { _id: `per_${'0'.repeat(26)}` } as never;
        return gateway.get(People).unsubscribeUrl(person);
      } finally {
        await gateway.stop();
      }
    };
    expect(await linkUnder({})).toBe(null);
    const PUBLIC_URL = 'https://sms.example.com';
    const link = await linkUnder({ PUBLIC_URL, SECRETS_KEY: KEYS[0]! });
    const gateway = await TestGateway.start({ PUBLIC_URL, SECRETS_KEY: KEYS[1]!, SECRETS_KEY_OLD: KEYS[0]! });
    try {
      expect(gateway.get(UnsubscribeLinks).read(link!.split('/').at(-1)!)).toBe(`per_${'0'.repeat(26)}`);
    } finally {
      await gateway.stop();
    }
  });
});
