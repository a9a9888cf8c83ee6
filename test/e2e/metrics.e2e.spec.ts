import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RequestsRepository } from '../../src/requests/requests.repository.js';
import { RecoveryWorker } from '../../src/requests/recovery.worker.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { readMetrics } from '../support/read-metrics.js';
import { codes, lease, openShop, registerPhone, report, type Shop } from '../support/shop.js';
import { submit } from '../support/traffic.js';

describe('metrics', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  it('are text that Prometheus reads, about the process, HTTP and the store', async () => {
    const { status, body, headers } = await gateway.api.get('/sms/metrics');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    for (const line of body.split('\n'))
      expect(line).toMatch(
        /^(|# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"\n]*",?)+\})? (-?\d+(\.\d+)?(e[+-]\d+)?|NaN|Nan))$/i,
      );
    for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes'])
      expect(body).toMatch(new RegExp(`^${name} `, 'm'));
    await gateway.api.get('/templates/tpl_nowhere');
    const after = await readMetrics(gateway.api);
    expect(after.sum('trunkline_store_seconds_count', { operation: 'insertOne' })).toBeGreaterThan(0);
    expect(after.sum('trunkline_http_request_seconds_count', { route: '/templates/:id', status: '4xx' })).toBe(1);
    expect(after.sum('trunkline_http_request_seconds_bucket', { route: '/templates/:id', le: '+Inf' })).toBe(1);
    const doc = await gateway.api.get('/no/such/route');
    expect(doc.status).toBe(404);
    expect((await readMetrics(gateway.api)).sum('trunkline_http_request_seconds_count', { route: '(none)' })).toBe(1);
  });

  it('time the workers’ turns and tell of those that fail', async () => {
    const recovery = gateway.get(RecoveryWorker);
    await recovery.run();
    const before = await readMetrics(gateway.api);
    const failing = jest.spyOn(gateway.get(RequestsRepository), 'unexpanded').mockRejectedValueOnce(new Error('away'));
    gateway.clock.advance(60);
    await recovery.run();
    failing.mockRestore();
    const after = await readMetrics(gateway.api);
    const grown = (name: string) => after.sum(name, { worker: 'recovery' }) - before.sum(name, { worker: 'recovery' });
    expect(grown('trunkline_worker_seconds_count')).toBe(1);
    expect(grown('trunkline_worker_failures_total')).toBe(1);
    expect(grown('trunkline_worker_last_turn_timestamp_seconds')).toBe(60);
  });

  it('count every move, by kind of route and tenant, also two made by one report', async () => {
    const before = await readMetrics(gateway.api);
    await shop.client.post('/requests', codes(shop, 'one', 'two', 'three'));
    await shop.client.post('/requests', { ...codes(shop, 'one'), route: undefined });
    const jobs = await lease(shop.phone);
    await report(shop.phone, jobs[0]!.message_id, 'SENDING');
    await report(shop.phone, jobs[0]!.message_id, 'DELIVERED');
    await report(shop.phone, jobs[0]!.message_id, 'DELIVERED');
    await report(shop.phone, jobs[1]!.message_id, 'FAILED');
    const after = await readMetrics(gateway.api);
    const moved = (status: string) => {
      const labels = { status, route: 'agent', tenant: 'default' };
      return after.sum('trunkline_messages_total', labels) - before.sum('trunkline_messages_total', labels);
    };
    const statuses = ['PENDING', 'ASSIGNED', 'SENDING', 'SENT', 'DELIVERED', 'FAILED', 'CANCELED'];
    expect(statuses.map((status) => [status, moved(status)])).toEqual([
      ['PENDING', 3],
      ['ASSIGNED', 3],
      ['SENDING', 1],
      ['SENT', 1],
      ['DELIVERED', 1],
      ['FAILED', 1],
      ['CANCELED', 1],
    ]);
  });

  it('time how long a message was due before its first lease', async () => {
    const before = await readMetrics(gateway.api);
    const at = new Date(gateway.clock.now().getTime() + 60_000).toISOString();
    await submit(shop, 1, { schedule_at: at });
    gateway.clock.advance(64);
    expect(await lease(shop.phone)).toHaveLength(1);
    const after = await readMetrics(gateway.api);
    const grown = (name: string, labels = {}) => after.sum(name, labels) - before.sum(name, labels);
    expect(grown('trunkline_lease_wait_seconds_count')).toBe(1);
    expect(grown('trunkline_lease_wait_seconds_sum')).toBeCloseTo(4);
    expect(grown('trunkline_lease_wait_seconds_bucket', { le: '5' })).toBe(1);
    expect(grown('trunkline_lease_wait_seconds_bucket', { le: '1' })).toBe(0);
  });
});

describe('what waits, in the metrics', () => {
  it('is counted, with the age of the oldest that is due and the phones that are online', async () => {
    const gateway = await TestGateway.start();
    const shop = await openShop(gateway);
    const other = await registerPhone(gateway);
    await submit(shop, 3, { agent_id: other.agentId, priority: 'HIGH' });
    await submit(shop, 2, { schedule_at: new Date(gateway.clock.now().getTime() + 3_600_000).toISOString() });
    await submit(shop, 1, { priority: 'LOW' });
    gateway.clock.advance(30);
    await submit(shop, 4, { priority: 'HIGH' });
    gateway.clock.advance(70);
    await shop.phone.api.post('/agent/heartbeat', {});
    const { sum } = await readMetrics(gateway.api);
    expect(sum('trunkline_queue_ready')).toBe(8);
    expect(sum('trunkline_queue_waiting')).toBe(2);
    expect(sum('trunkline_queue_oldest_due_seconds')).toBe(100);
    expect(sum('trunkline_agents_online')).toBe(1);
    await gateway.stop();
  });

  it('has a label of its own for the first twenty tenants; the others share one', async () => {
    const gateway = await TestGateway.start();
    const admin = await gateway.admin();
    for (let i = 0; i < 25; i++)
      await admin.post('/admin/tenants', { slug: `shop-${String(i).padStart(2, '0')}`, name: 'Shop' });
    await gateway.restart();
    const platform = await gateway.admin();
    for (const slug of ['default', 'shop-03', 'shop-21', 'shop-24']) {
      const tenant = platform.as({ 'x-tenant': slug });
      const phone = await registerPhone(gateway, { tenant: slug });
      const messages = [{ to: '+84901230000' }];
      const sent = await tenant.post('/requests', { text: 'Chao', agent_id: phone.agentId, messages });
      expect(sent.status).toBe(201);
    }
    const { sum } = await readMetrics(gateway.api);
    const pending = (tenant: string) => sum('trunkline_messages_total', { status: 'PENDING', tenant });
    expect(['default', 'shop-03', 'shop-21', 'shop-24', 'other'].map(pending)).toEqual([1, 1, 0, 0, 2]);
    await gateway.stop();
  });
});

const PRODUCTION = {
  APP_ENV: 'production',
  JWT_SECRET: '8f14e45fceea167a5a36dedd4bea2543',
  SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
};
const TOKEN = 'scrape-me-if-you-can';
const PATHS = [
  '/metrics',
  '/sms/metrics',
  '/%6detrics',
  '/schema/openapi.json',
  '/schema/swagger-ui',
  '/schema/swagger-ui/swagger-ui.css',
  '/sms/schema/swagger-ui/swagger-ui-bundle.js',
  '/schema/ReDoc',
  '/schema/redoc.standalone.js',
];

describe('metrics and the API’s document in production', () => {
  let gateway: TestGateway | undefined;
  const start = async (env: Record<string, string>) => (gateway = await TestGateway.start({ ...PRODUCTION, ...env }));
  const statuses = async (headers: Record<string, string>, method = 'GET') =>
    Promise.all(PATHS.map(async (path) => (await gateway!.api.call(method, path, undefined, { headers })).status));
  const all = (status: number) => PATHS.map(() => status);
  afterEach(() => gateway?.stop());

  it('are closed, and say what opens them', async () => {
    const { api } = await start({});
    expect(await statuses({})).toEqual(all(403));
    expect(await statuses({}, 'HEAD')).toEqual(all(403));
    expect(await statuses({ authorization: 'Bearer ' })).toEqual(all(403));
    const refused = await api.get('/metrics');
    expectError(refused, 403, 'forbidden');
    expect(refused.body.message).toContain('METRICS_TOKEN or METRICS_ALLOW');
    expect((await api.get('/health')).status).toBe(200);
  });

  it('are pointed to by no 404 and no page unless everybody may read them', async () => {
    for (const [env, isOpen] of [
      [{}, false],
      [{ METRICS_TOKEN: TOKEN }, false],
      [{ APP_ENV: 'development', METRICS_ALLOW: '10.1.0.0/16' }, false],
      [{ APP_ENV: 'development' }, true],
      [{ APP_ENV: 'development', PUBLIC_URL: 'https://sms.example.com/gateway' }, true],
    ] as const) {
      const { api } = await start(env);
      const noRoute = await api.get('/nowhere');
      expectError(noRoute, 404, 'route_not_found');
      const [page] = /\/\S*schema\/swagger-ui/.exec(noRoute.body.message) ?? [];
      expect(page).toBe(isOpen ? `${'PUBLIC_URL' in env ? '/gateway' : ''}/schema/swagger-ui` : undefined);
      const { links } = (await api.get('/')).body;
      expect(Object.keys(links).includes('documentation') || Object.keys(links).includes('openapi')).toBe(isOpen);
      const html = (await api.get('/', { headers: { accept: 'text/html' } })).body;
      expect(html.includes('swagger-ui')).toBe(isOpen);
      expect((await api.get('/schema/swagger-ui')).status === 200).toBe(isOpen);
      await gateway!.stop();
    }
    gateway = undefined;
  });

  it('open to a token', async () => {
    const { api } = await start({ METRICS_TOKEN: TOKEN });
    expect(await statuses({ authorization: `Bearer ${TOKEN}` })).toEqual(all(200));
    expect(await statuses({ authorization: `Bearer ${TOKEN}x` })).toEqual(all(401));
    const refused = await api.get('/metrics');
    expectError(refused, 401, 'unauthenticated');
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect(refused.body.message).toContain('METRICS_TOKEN');
  });

  it('open to addresses, which nobody can pretend to have', async () => {
    await start({ METRICS_ALLOW: '10.1.0.0/16, ::1' });
    expect(await statuses({ 'x-forwarded-for': '10.1.2.3' })).toEqual(all(403));
    await gateway!.stop();
    await start({ METRICS_ALLOW: '10.1.0.0/16', TRUST_PROXY: '1' });
    expect(await statuses({ 'x-forwarded-for': '10.1.2.3' })).toEqual(all(200));
    expect(await statuses({ 'x-forwarded-for': '10.1.2.3, 10.2.0.1' })).toEqual(all(403));
    await gateway!.stop();
    await start({ METRICS_ALLOW: '127.0.0.1', METRICS_TOKEN: TOKEN });
    expect(await statuses({})).toEqual(all(200));
  });
});
