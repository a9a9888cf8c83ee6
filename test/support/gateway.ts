import { MongoClient } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, type Gateway } from '../../src/app.setup.js';
import { Clock } from '../../src/common/clock.js';
import { loadConfig } from '../../src/config/load-config.js';
import { FirstAdmin } from '../../src/users/first-admin.js';
import { Api } from './api.js';
import { loadDocument } from './documented.js';
import { TestClock } from './test-clock.js';

export const ADMIN = { username: 'admin', password: 'correct-horse-battery' };

/** A real gateway with its own real store, on loopback. */
export class TestGateway {
  readonly clock = new TestClock();
  private gateway!: Gateway;
  url!: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'trunkline-test-'));
  /** The MongoDB database; another gateway shares it by MONGO_DB. */
  readonly database = `trunkline_test_${process.pid}_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 8)}`;

  private constructor(
    private readonly env: Record<string, string>,
    readonly realTime: boolean,
  ) {}

  /**
   * The store is embedded, or the server of MONGO_TEST_URI when E2E_STORE=mongo. `realTime` is for callers that have their own
   * clock, such as simulated phones; then moving `clock` has no effect.
   */
  static async start(env: Record<string, string> = {}, { realTime = false } = {}): Promise<TestGateway> {
    const gateway = new TestGateway(env, realTime);
    await gateway.open();
    return gateway;
  }

  /** Another gateway on this one's database, which only MongoDB allows; it is stopped before this one. */
  beside(env: Record<string, string> = {}): Promise<TestGateway> {
    return TestGateway.start({ ...this.env, MONGO_DB: this.database, DATA_DIR: this.folder, ...env }, this);
  }

  get usesMongo(): boolean {
    return process.env['E2E_STORE'] === 'mongo';
  }

  private async open(): Promise<void> {
    const config = loadConfig({
      APP_ENV: 'test',
      LOG_LEVEL: 'fatal',
      DATA_DIR: this.folder,
      SEED_ADMIN_USERNAME: ADMIN.username,
      SEED_ADMIN_PASSWORD: ADMIN.password,
      THROTTLE_PER_MIN: '0',
      // Nobody listens there: no test reaches a provider.
      TWILIO_BASE_URL: 'http://127.0.0.1:9',
      FLOWROUTE_BASE_URL: 'http://127.0.0.1:9',
      FIREBASE_BASE_URL: 'http://127.0.0.1:9',
      ...(this.usesMongo ? { MONGO_URI: process.env['MONGO_TEST_URI'], MONGO_DB: this.database } : {}),
      ...this.env,
    });
    this.gateway = await createGateway(config, this.realTime ? new Clock() : this.clock);
    await this.gateway.app.get(FirstAdmin).seedWhenEmpty();
    await this.gateway.app.listen(0, '127.0.0.1');
    this.url = await this.gateway.app.getUrl();
    await loadDocument(this.url);
  }

  /** A provider of the running application, for what HTTP can't reach (running a worker's turn now). */
  get<T>(token: new (...args: never[]) => T): T {
    return this.gateway.app.get(token as never);
  }
  get store() {
    return this.gateway.store;
  }

  async restart(): Promise<void> {
    await this.gateway.stop();
    await this.open();
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    rmSync(this.folder, { recursive: true, force: true });
    if (this.usesMongo) {
      const client = await MongoClient.connect(process.env['MONGO_TEST_URI']!);
      await client.db(this.database).dropDatabase();
      await client.close();
    }
  }

  /** A caller without credentials. */
  get api(): Api {
    return new Api(this.url);
  }
  async admin(): Promise<Api> {
    return this.login(ADMIN.username, ADMIN.password);
  }
  async login(username: string, password: string): Promise<Api> {
    const answer = await this.api.post('/auth/login', { username, password });
    if (answer.status !== 200) throw new Error(`login failed: ${JSON.stringify(answer.body)}`);
    return this.api.withToken(answer.body.access_token);
  }
}
