import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { EmbeddedStore } from '../../src/database/embedded/embedded-store.js';
import { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { Program } from '../support/program.js';
import { messagesTo, requestOf } from '../support/sending.js';
import { lease, openShop, report, type Shop } from '../support/shop.js';

jest.setTimeout(60_000);

const usesMongo = process.env['E2E_STORE'] === 'mongo';

// The disk of the embedded store: MongoDB's is its server's.
(usesMongo ? describe.skip : describe)('a gateway whose disk is full', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let sent = 0;
  const limitPages = (pages: number) => (gateway.store as EmbeddedStore).limitPages(pages);
  const submit = () => shop.client.post('/requests', requestOf(shop, messagesTo(50, String(++sent), sent * 50)));

  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway);
    expect((await submit()).status).toBe(201);
  });
  afterAll(() => gateway.stop());

  it('answers writes with 507, goes on reading, and takes them again when there is room', async () => {
    await limitPages(1);
    let refused = await submit();
    for (let i = 0; i < 50 && refused.status === 201; i++) refused = await submit();
    expectError(refused, 507, 'store_full');
    expect(refused.headers.get('retry-after')).toBe('30');
    expect((await shop.client.get('/requests')).body.count).toBeGreaterThan(0);
    expect((await shop.admin.get('/messages/all?limit=5')).body.count).toBe(5);
    const ready = await gateway.api.get('/health/ready');
    expectError(ready, 503, 'store_full');
    expect(ready.body.message).toContain('disk');

    await limitPages(0);
    expect((await gateway.api.get('/health/ready')).status).toBe(200);
    expect((await submit()).status).toBe(201);
    const [job] = await lease(shop.phone, 1);
    expect((await report(shop.phone, job!.message_id, 'SENT')).result).toBe('updated');
  });
});

// On MongoDB the data is not in the gateway's folder.
(usesMongo ? describe.skip : describe)('a gateway whose data folder goes away', () => {
  let folder: string;
  let program: Program;
  let api: Api;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trunkline-gone-'));
    const env = { PORT: '0', DATA_DIR: join(folder, 'data'), SEED_ADMIN_PASSWORD: ADMIN.password };
    program = new Program('main.js', folder, env);
    api = new Api((await program.said(/Trunkline listens on (http:\S+)/))[1]!);
  });
  afterEach(async () => {
    await program.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['removed', () => rmSync(join(folder, 'data'), { recursive: true })],
    ['moved away', () => renameSync(join(folder, 'data'), join(folder, 'elsewhere'))],
    ['robbed of its log', () => rmSync(join(folder, 'data', 'trunkline.db-wal'))],
  ])('ends by itself when it was %s, and says why', async (_, takeAway) => {
    takeAway();
    expect(await program.ended).toEqual({ code: 70, signal: null });
    expect(program.errors).toMatch(/trunkline\.db\S* was removed or replaced/);
  });

  it('acknowledges nothing that it can’t find again', async () => {
    rmSync(join(folder, 'data'), { recursive: true });
    await expect(api.post('/auth/login', ADMIN)).rejects.toThrow('fetch failed');
    expect((await program.ended).code).toBe(70);
  });

  it('notices at a readiness check', async () => {
    rmSync(join(folder, 'data'), { recursive: true });
    await expect(api.get('/health/ready')).rejects.toThrow('fetch failed');
  });
});
