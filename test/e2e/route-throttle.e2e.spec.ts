import { Body, Controller, Get, HttpCode, Module, Patch, Post, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SkipThrottle, Throttle } from '@nestjs/throttler';
import { MongoClient } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Allow, Public } from '../../src/auth/allow.js';
import { Admission } from '../../src/auth/admission.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { PrincipalSource } from '../../src/auth/principal-source.js';
import { CommonModule } from '../../src/common/common.module.js';
import { invalidField } from '../../src/common/errors.js';
import { ErrorFilter } from '../../src/common/http/error.filter.js';
import { createHttpAdapter } from '../../src/common/http/http-adapter.js';
import { KnownRoutes } from '../../src/common/http/known-routes.js';
import { createLogger } from '../../src/common/http/logger.js';
import { useParsedBodies } from '../../src/common/http/parsed-bodies.js';
import { asTenantId } from '../../src/common/tenant-id.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { Store } from '../../src/database/collection.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import { openStore } from '../../src/database/open-store.js';
import { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestClock } from '../support/test-clock.js';

const five = Throttle({ default: { limit: 5, ttl: 60_000 } });

@Controller('limited')
@Allow({ scopes: ['sms:send'] })
class LimitedController {
  @Post()
  @HttpCode(200)
  @five
  send(@Body() body: { text?: string }) {
    if (!body.text) throw invalidField('text', 'is required');
    return { done: true };
  }

  @Get()
  list() {
    return { done: true };
  }

  @Get('skipped')
  @SkipThrottle()
  skipped() {
    return { done: true };
  }
}

@Controller('other')
@Public()
@five
class PublicController {
  @Get()
  look() {
    return { done: true };
  }

  @Patch()
  change() {
    return { done: true };
  }
}

/** Whoever names themselves. */
class AnyKey implements OnModuleInit {
  constructor(private readonly principals: PrincipalSource) {}

  onModuleInit(): void {
    this.principals.register({
      recognizes: ({ apiKey }) => apiKey !== undefined,
      authenticate: async ({ apiKey: id }) => ({
        kind: 'client',
        id: id!,
        tenant: asTenantId('tnt_1'),
        name: id!,
        scopes: ['sms:send'],
        dailyLimit: 1,
      }),
    });
  }
}

describe('a route with a limit of its own', () => {
  const clock = new TestClock();
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-test-'));
  const database = `trunkline_test_${process.pid}_${Date.now().toString(36)}_throttle`;
  const mongoUri = process.env['E2E_STORE'] === 'mongo' ? process.env['MONGO_TEST_URI'] : undefined;
  let store: Store;
  let app: NestFastifyApplication;
  let url: string;
  let callers = 0;
  let one: Api;
  let other: Api;

  beforeAll(async () => {
    const config = loadConfig({ LOG_LEVEL: 'silent', THROTTLE_PER_MIN: '10', TRUST_PROXY: '127.0.0.1' });
    store = await openStore({ mongoUri, mongoDb: database, dataDir: folder });
    await store.applyIndexes(COLLECTIONS);
    const adapter = createHttpAdapter(config, createLogger(config));
    const fastify = adapter.getInstance();
    const routes = new KnownRoutes(fastify);
    @Module({
      imports: [CommonModule.with(config, clock), DatabaseModule.with(store), AuthModule],
      controllers: [LimitedController, PublicController],
      providers: [
        { provide: AnyKey, inject: [PrincipalSource], useFactory: (known: PrincipalSource) => new AnyKey(known) },
      ],
    })
    class SmallModule {}
    app = await NestFactory.create<NestFastifyApplication>(SmallModule, adapter, { logger: false, bodyParser: false });
    app.get(Admission).refuseEarly(fastify);
    useParsedBodies(fastify);
    app.useGlobalFilters(new ErrorFilter(routes));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    if (!mongoUri) return;
    const client = await MongoClient.connect(mongoUri);
    await client.db(database).dropDatabase();
    await client.close();
  });
  beforeEach(() => {
    [one, other] = [new Api(url).withKey(`tlk_${++callers}`), new Api(url).withKey(`tlk_${++callers}`)];
    clock.advance(3600);
  });

  const send = (api: Api, times: number) => spend(times, () => api.post('/limited', { text: 'x' }));
  const spend = async (times: number, call: () => ReturnType<Api['get']>) => {
    for (let i = 0; i < times; i++) expect((await call()).status).toBe(200);
  };

  it('refuses the sixth call of a minute, and takes it in the next', async () => {
    await send(one, 5);
    clock.advance(45);
    const refused = await one.post('/limited', { text: 'x' });
    expectError(refused, 429, 'throttled');
    expect(refused.headers.get('retry-after')).toBe('15');
    clock.advance(15);
    await send(one, 5);
  });

  it('counts calls that are not valid, and what isn’t even JSON', async () => {
    for (const body of [{}, '{', {}, '{']) expect((await one.post('/limited', body)).status).toBe(400);
    await send(one, 1);
    for (const body of [{ text: 'x' }, {}, '{']) expectError(await one.post('/limited', body), 429, 'throttled');
  });

  it('counts each caller alone, and no other route', async () => {
    await send(one, 5);
    expectError(await one.post('/limited', { text: 'x' }), 429, 'throttled');
    await send(other, 5);
    await spend(10, () => one.get('/limited'));
    expectError(await one.get('/limited'), 429, 'throttled');
    await spend(11, () => one.get('/limited/skipped'));
  });

  it('belongs to its handler: another method on the path is a 405', async () => {
    await send(one, 5);
    expectError(await one.post('/limited', { text: 'x' }), 429, 'throttled');
    expectError(await one.patch('/limited', {}), 405, 'method_not_allowed');
  });

  it('counts by the address where there are no credentials', async () => {
    const from = (address: string) => new Api(url).as({ 'x-forwarded-for': address });
    await spend(5, () => from('192.0.2.1').get('/other'));
    expectError(await from('192.0.2.1').get('/other'), 429, 'throttled');
    await spend(5, () => from('192.0.2.1').patch('/other', {}));
    expectError(await from('192.0.2.1').patch('/other', '{'), 429, 'throttled');
    await spend(5, () => from('192.0.2.2').get('/other'));
    await spend(5, () => from('2001:db8::1').get('/other'));
    expectError(await from('2001:db8::2').get('/other'), 429, 'throttled');
  });

  it('lets exactly so many through when all come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => one.post('/limited', { text: 'x' })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });
});
