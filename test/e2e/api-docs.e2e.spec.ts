import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VERSION } from '../../src/common/version.js';
import { TestGateway } from '../support/gateway.js';

/** Paths for who has no credentials, or proves in another way who calls. */
const OPEN = [
  /^\/log(in|out)$/,
  /^\/$/,
  /^\/(console\/)?push$|^\/push\/(page\.js|config\.json)$|^\/firebase-messaging-sw\.js$/,
  /^\/health|^\/metrics$|^\/auth\/(login$|register|password-reset|new-password|confirm)|^\/agent\/register$/,
  /^\/carriers\/(twilio|flowroute)\//,
  /^\/(inboundCall|inbound-call|join-conference)$/,
  // The link proves who calls, or there is nothing to prove: the page shows what its own address says.
  /^\/(confirm|unsubscribe|phones\/join)\//,
  // A phone's signature.
  /^\/api\/mobile\/v1\/received$/,
  // They change nothing, whoever calls.
  /^\/(global-webhook|conversations-post-event)$/,
];
/** Open by some of its methods. */
const PARTLY_OPEN = ['get /api/mobile/v1/device', 'post /api/mobile/v1/device'];

describe('the documentation', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  it('describes the routes, with who may call them', async () => {
    const { status, body } = await gateway.api.get('/sms/schema/openapi.json');
    expect(status).toBe(200);
    expect(body.openapi).toMatch(/^3\./);
    const operations = Object.entries<Record<string, { summary?: string; security?: object[] }>>(body.paths);
    expect(operations.length).toBeGreaterThan(20);
    for (const path of ['/auth/login', '/templates/{id}/approve', '/admin/api-keys', '/requests', '/agent/jobs/next'])
      expect(Object.keys(body.paths)).toContain(path);
    for (const [path, methods] of operations) {
      for (const [method, { summary, security }] of Object.entries(methods)) {
        expect([path, method, summary]).toEqual([path, method, expect.stringMatching(/\S/)]);
        const open = OPEN.some((one) => one.test(path)) || PARTLY_OPEN.includes(`${method} ${path}`);
        expect([path, method, (security?.length ?? 0) > 0]).toEqual([path, method, !open]);
      }
    }
  });

  it('names the fields of a body, and refuses others as the routes do', async () => {
    const { body } = await gateway.api.get('/schema/openapi.json');
    const { schema } = body.paths['/templates'].post.requestBody.content['application/json'];
    expect(schema).toMatchObject({ type: 'object', required: ['name', 'content'], additionalProperties: false });
    expect(Object.keys(schema.properties)).toEqual([
      'name',
      'content',
      'title',
      'translations',
      'encoding',
      'ignores_opt_outs',
    ]);
  });

  it('begins with what people do first, and has a place for every tag', async () => {
    const { body } = await gateway.api.get('/schema/openapi.json');
    const order = body.tags.map(({ name }: { name: string }) => name);
    expect(order.slice(0, 3)).toEqual(['requests', 'messages', 'agents']);
    const operations = Object.values<Record<string, { tags: string[] }>>(body.paths).flatMap((path) =>
      Object.values(path),
    );
    const used = new Set(operations.flatMap(({ tags }) => tags));
    expect([...order].toSorted()).toEqual([...used].toSorted());
    for (const { description } of body.tags) expect(description).toMatch(/\S/);
  });

  it('names the version of the program, and the address and prefix at which it was asked for', async () => {
    const serversAt = async (path: string) => (await gateway.api.get(path)).body.servers;
    const relative = { url: '..', description: 'Where this page is' };
    expect(await serversAt('/schema/openapi.json')).toEqual([{ url: gateway.url }, relative]);
    expect(await serversAt('/sms/schema/openapi.json')).toEqual([{ url: `${gateway.url}/sms` }, relative]);
    const { body } = await gateway.api.get('/schema/openapi.json');
    expect(body.info.version).toBe(VERSION);
    const page = await (await fetch(`${gateway.url}/sms/schema/swagger-ui/swagger-ui-init.js`)).text();
    expect(page).toContain(`"url": "${gateway.url}/sms"`);
    for (const server of await serversAt('/sms/schema/openapi.json')) {
      const health = `${new URL(server.url, `${gateway.url}/sms/schema/openapi.json`).href.replace(/\/$/, '')}/health`;
      expect((await fetch(health)).status).toBe(200);
    }
    const known = await TestGateway.start({ PUBLIC_URL: 'https://sms.example.com/gateway/' });
    const { servers } = (await known.api.get('/schema/openapi.json')).body;
    await known.stop();
    expect(servers).toEqual([{ url: 'https://sms.example.com/gateway' }, relative]);
  });

  const pages = ['/schema/swagger-ui', '/schema/ReDoc', '/sms/schema/swagger-ui', '/sms/schema/ReDoc'];
  it.each([...pages, ...pages.map((path) => `${path}/`)])(
    '%s is a page whose parts all come from the gateway',
    async (path) => {
      const page = await fetch(gateway.url + path);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toContain('text/html');
      const html = await page.text();
      const parts = [...html.matchAll(/<(?:script|link|img|iframe)[^>]*?(?:src|href)=["']([^"']+)["']/g)].map(
        (match) => new URL(match[1]!, page.url),
      );
      expect(parts.length).toBeGreaterThan(0);
      expect(html).not.toMatch(/@import|url\(\s*['"]?(https?:)?\/\//);
      for (const part of parts) {
        expect(part.origin).toBe(new URL(gateway.url).origin);
        const answer = await fetch(part);
        expect([part.pathname, answer.status]).toEqual([part.pathname, 200]);
        expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0);
      }
      expect(html).toMatch(/<link rel=["']icon["']/);
      const spec = /spec-url="([^"]+)"/.exec(html)?.[1];
      if (spec) expect((await fetch(new URL(spec, page.url))).status).toBe(200);
    },
  );
});
