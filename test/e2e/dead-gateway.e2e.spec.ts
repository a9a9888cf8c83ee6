import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGateway, type Gateway } from '../../src/app.setup.js';
import { loadConfig } from '../../src/config/load-config.js';
import { Acceptance } from '../../src/requests/acceptance.js';
import { Workers } from '../../src/workers/workers.js';
import { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { messagesTo, requestOf } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';

// Two gateways on one database, which the embedded store doesn't allow.
(process.env['E2E_STORE'] !== 'mongo' ? describe.skip : describe)('a request under a key whose gateway died', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-second-'));
  let first: TestGateway;
  let second: Gateway;
  let shop: Shop;
  let there: Api;

  beforeEach(async () => {
    first = await TestGateway.start();
    shop = await openShop(first);
    const env = { APP_ENV: 'test', LOG_LEVEL: 'fatal', DATA_DIR: folder, MONGO_DB: first.database };
    second = await createGateway(loadConfig({ ...env, MONGO_URI: process.env['MONGO_TEST_URI'] }), first.clock);
    await second.app.listen(0, '127.0.0.1');
    there = new Api(await second.app.getUrl(), shop.client.credentials);
  });
  afterEach(async () => {
    await second.stop();
    await first.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is in flight while it beats, and seconds later another takes it over; what comes late is nothing', async () => {
    const body = requestOf(shop, messagesTo(3));
    const submit = (api: Api) => api.post('/requests', body, { 'idempotency-key': 'monday' });
    let goOn = (): void => undefined;
    let reached = (): void => undefined;
    const asked = new Promise<void>((resolve) => (reached = resolve));
    const acceptance = first.get(Acceptance);
    const accept = acceptance.accept.bind(acceptance);
    acceptance.accept = async (prepared) => {
      reached();
      await new Promise<void>((go) => (goOn = go));
      return accept(prepared);
    };
    const late = submit(shop.client);
    await asked;
    await first.get(Workers).onModuleDestroy();
    first.clock.advance(6);
    expectError(await submit(there), 409, 'idempotency_in_flight');
    first.clock.advance(0.001);
    const taken = await submit(there);
    expect(taken.status).toBe(201);

    goOn();
    expectError(await late, 503, 'busy');
    expect((await submit(shop.client)).body.request_id).toBe(taken.body.request_id);
    expect((await there.get('/requests')).body.count).toBe(1);
  });
});

describe('a request under a key that its own gateway has given up', () => {
  it('is taken over at once, for nobody else works on it', async () => {
    const gateway = await TestGateway.start();
    const shop = await openShop(gateway);
    const submit = () => shop.client.post('/requests', requestOf(shop, messagesTo(1)), { 'idempotency-key': 'k' });
    const acceptance = gateway.get(Acceptance);
    const accept = acceptance.accept.bind(acceptance);
    acceptance.accept = () => Promise.reject(new Error('nobody knows what was written'));
    expectError(await submit(), 500, 'internal_error');
    acceptance.accept = accept;
    expect((await submit()).status).toBe(201);
    expect((await shop.client.get('/requests')).body.count).toBe(1);
    await gateway.stop();
  });
});
