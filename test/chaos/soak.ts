import { setTimeout as sleep } from 'node:timers/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { seededRandom } from '../../android-agent-sim/random.js';
import type { MessageDoc } from '../../src/messages/message.js';
import { FakeTwilio, twilioError } from '../fakes/twilio.js';
import { Api } from '../support/api.js';
import { must } from '../support/people.js';
import { CarrierTruth } from './checks/carrier-truth.js';
import { GatewayProcess } from './gateway-process.js';
import { ADMIN } from './shop.js';
import { StoreUnderTest, type StoreKind } from './store-under-test.js';

export interface SoakOptions {
  store: StoreKind;
  seed: number;
  messages: number;
  /** Deaths while texts go out: at random moments, and in turn at these writes. */
  kills: number;
  points: readonly string[];
  /** Milliseconds of life before a death. */
  life: readonly [least: number, most: number];
  /** When nothing has changed for so long, what is left stays as it is. */
  quietMillis: number;
  log: (line: string) => void;
}
export interface SoakResult {
  wrong: string[];
  deaths: number;
  /** Messages by how they ended. */
  ends: Record<string, number>;
  /** Calls that the provider got, and texts that it took. */
  calls: number;
  taken: number;
}

/** How the provider goes wrong: for now, for good, and without an answer after it has taken the text. */
const FOR_NOW = 0.2;
const FOR_GOOD = 0.05;
const NO_ANSWER = 0.02;
/** What becomes of its receipts. */
const RECEIPTS = {
  delayMillis: 30,
  retries: 1,
  retryMillis: 200,
  lost: 0.1,
  duplicated: 0.1,
  reordered: 0.1,
  early: 0.05,
};
const UNDELIVERED = 0.05;
const BATCH = 500;
const PATIENCE_MILLIS = 300_000;
const POINT_PATIENCE_MILLIS = 10_000;

/** Sends texts through a provider that errs, while the gateway is killed again and again; then looks whether each ended as it had to. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const soak = new Soak(options);
  try {
    return await soak.run();
  } finally {
    await soak.end();
  }
}

class Soak {
  private readonly store: StoreUnderTest;
  private readonly provider = new FakeTwilio();
  private gateway: GatewayProcess | undefined;
  private url = '';
  private port = 0;
  private admin!: Api;
  private deaths = 0;
  private fault: string | undefined;

  constructor(private readonly options: SoakOptions) {
    this.store = new StoreUnderTest(options.store, false);
  }

  async run(): Promise<SoakResult> {
    const { messages, kills, points, life, seed, log } = this.options;
    const random = seededRandom(seed, 0, 'soak');
    await this.provider.start();
    this.provider.plan = RECEIPTS;
    this.provider.fate = ({ to }) =>
      Number(to.slice(-2)) < UNDELIVERED * 100
        ? { status: 'undelivered', code: 30003 }
        : { status: 'delivered', code: null };
    this.provider.shares(
      seed,
      [FOR_NOW / 2, { reply: twilioError(429, 20429, 'Too many requests') }],
      [FOR_NOW / 2, { reply: twilioError(503, 20503, 'Service unavailable', { 'retry-after': '1' }) }],
      [FOR_GOOD, { reply: twilioError(400, 21211, 'Invalid number') }],
      [NO_ANSWER / 2, { cut: 'after' }],
      [NO_ANSWER / 2, { silent: true }],
    );
    this.port = await freePort();
    await this.start();
    await this.setUp();
    const ids = await this.submit(messages);
    log(`${ids.size} messages accepted`);
    for (let i = 0; i < kills; i++) {
      const left = life[0] + random() * (life[1] - life[0]);
      // A point that isn't come by ends with the patience for it.
      await (this.fault ? Promise.race([this.gateway!.ended, sleep(POINT_PATIENCE_MILLIS)]) : sleep(left));
      await this.die();
      log(
        `death ${i + 1}${this.fault ? ` (${this.fault})` : ''}: the provider took ${this.provider.taken.length} texts in ${this.provider.sendCalls().length} calls`,
      );
      await this.start(i % 2 === 0 && i + 1 < kills ? points[(i / 2) % points.length] : undefined);
    }
    await this.untilQuiet();
    const summary = await this.summary();
    await this.gateway!.stop();
    this.gateway = undefined;
    const truth = new CarrierTruth(this.provider.taken, ids);
    const docs = await this.store.read(async (store) => {
      const all: MessageDoc[] = [];
      for await (const page of store.collection<MessageDoc>('sms_messages').pages({})) all.push(...page);
      return all;
    });
    for (const message of docs) truth.add(message);
    return {
      wrong: truth.wrong(summary),
      deaths: this.deaths,
      ends: truth.ends,
      calls: this.provider.sendCalls().length,
      taken: this.provider.taken.length,
    };
  }

  async end(): Promise<void> {
    await this.gateway?.kill();
    await this.provider.stop();
    await this.store.drop();
  }

  /** It dies by itself at `fault`, the fifth time that it comes by. */
  private async start(fault?: string): Promise<void> {
    this.fault = fault;
    this.gateway = GatewayProcess.start(
      {
        APP_ENV: 'test',
        LOG_LEVEL: 'error',
        PORT: String(this.port),
        PUBLIC_URL: `http://127.0.0.1:${this.port}`,
        TWILIO_BASE_URL: this.provider.url,
        RECEIPT_POLL_SECONDS: '1',
        SEED_ADMIN_USERNAME: ADMIN.username,
        SEED_ADMIN_PASSWORD: ADMIN.password,
        THROTTLE_PER_MIN: '0',
        ...(fault ? { FAULT: `${fault}:5` } : {}),
        ...this.store.env,
      },
      this.store.root,
    );
    const url = await this.gateway.listening();
    if (url === null) throw new Error(`The gateway ended at its start.\n${this.gateway.tail}`);
    this.url = url;
  }

  private async die(): Promise<void> {
    await this.gateway!.kill();
    this.deaths++;
    // A lease lasts a minute; nobody waits for that here.
    await this.store.read(async (store) => {
      const messages = store.collection<MessageDoc>('sms_messages');
      const past = new Date(Date.now() - 1000);
      for await (const page of messages.pages({ status: 'ASSIGNED' })) {
        const leased = page.filter(({ lease }) => lease && !lease.ended_at);
        await messages.updateEach(
          leased.map(({ _id }) => ({ filter: { _id }, update: { $set: { 'lease.expires_at': past, due_at: past } } })),
        );
      }
    });
  }

  private async setUp(): Promise<void> {
    const nobody = new Api(this.url);
    const { access_token } = must(200, await nobody.post('/auth/login', ADMIN));
    this.admin = nobody.withToken(access_token);
    const { accountSid: account_sid, authToken: auth_token } = this.provider;
    const account = { account_sid, auth_token, from: '+15005550006', per_second: 1000, concurrency: 50 };
    must(200, await this.admin.put('/admin/carriers/twilio', account));
  }

  private async submit(count: number): Promise<Set<string>> {
    const numbers = Array.from({ length: count }, (_, i) => `+8490${1_000_000 + i}`);
    for (let from = 0; from < count; from += BATCH) {
      const messages = numbers.slice(from, from + BATCH).map((to) => ({ to }));
      must(201, await this.admin.post('/requests', { text: 'Hello from the shop', route: 'carrier:twilio', messages }));
    }
    return new Set(numbers);
  }

  /** Until every message is through, or nothing has changed for a while. */
  private async untilQuiet(): Promise<void> {
    const deadline = performance.now() + PATIENCE_MILLIS;
    let [last, since] = ['', performance.now()];
    while (performance.now() < deadline) {
      await sleep(1000);
      const row = await this.summary();
      const state = JSON.stringify(row);
      if (state !== last) [last, since] = [state, performance.now()];
      const open = row['pending']! + row['sent']! - row['delivered']! - row['undelivered']!;
      if (open === 0 || performance.now() - since > this.options.quietMillis) return;
    }
    this.options.log('it never came to rest');
  }

  private async summary(): Promise<Record<string, number>> {
    const rows = must(200, await this.admin.get('/reports/summary?group_by=carrier'));
    return rows.find((row: { carrier: string | null }) => row.carrier === 'twilio') ?? {};
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
