import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, type Random } from '../../android-agent-sim/random.js';
import { check } from './checks/check.js';
import type { FaultPoint } from './fault-points.js';
import { GatewayProcess } from './gateway-process.js';
import { Ledger } from './ledger.js';
import { Load } from './load.js';
import { ADMIN, openShop } from './shop.js';
import { StoreUnderTest, type StoreKind } from './store-under-test.js';
import type { Target } from './target.js';

export interface ChaosOptions {
  store: StoreKind;
  seed: number;
  /** Deaths at random moments. */
  kills: number;
  /** `every`: at each write that the load is seen to make. */
  points: readonly FaultPoint[] | 'every';
  /** Milliseconds of life before a random death. */
  life: readonly [least: number, most: number];
  /** After each death, the disk keeps only what was fsynced; embedded store only. */
  losesPower?: boolean;
  /** Told after each run. */
  log: (line: string) => void;
}
export interface ChaosResult {
  runs: number;
  deaths: number;
  acknowledgedRequests: number;
  acknowledgedReports: number;
  leases: number;
  messages: number;
  wrong: string[];
}

const LISTING_MILLIS = 15_000;
const POINT_PATIENCE_MILLIS = 5000;
const POINT_TRIES = 8;
const END_PATIENCE_MILLIS = 60_000;

/** Kills a gateway under load again and again, and looks after each death whether its store still keeps every promise. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const chaos = new Chaos(options);
  try {
    return await chaos.run();
  } finally {
    await chaos.end();
  }
}

class Chaos {
  private readonly store: StoreUnderTest;
  private readonly ledger = new Ledger();
  private readonly target: Target = { url: undefined, turn: 0 };
  private readonly random: Random;
  private readonly wrong: string[] = [];
  private gateway: GatewayProcess | undefined;
  private runs = 0;
  private deaths = 0;
  private messages = 0;

  constructor(private readonly options: ChaosOptions) {
    this.store = new StoreUnderTest(options.store, options.losesPower ?? false);
    this.random = seededRandom(options.seed, 0, 'chaos');
  }

  async run(): Promise<ChaosResult> {
    const { kills, points, seed } = this.options;
    const url = (await this.start())!;
    const shop = await openShop(url, this.ledger);
    this.target.url = url;
    const load = await Load.start(this.target, shop, this.ledger, seed);
    for (let i = 0; i < kills && this.wrong.length === 0; i++) await this.killAtRandom();
    const listed = points === 'every' ? await this.everyPoint() : points;
    for (const point of listed) if (this.wrong.length === 0) await this.killAt(point);
    if (this.wrong.length === 0) await this.finish(load);
    else await load.finish(0);
    return {
      runs: this.runs,
      deaths: this.deaths,
      acknowledgedRequests: this.ledger.requests.size,
      acknowledgedReports: this.ledger.reported.size,
      leases: this.ledger.leaseCount,
      messages: this.messages,
      wrong: this.wrong,
    };
  }

  async end(): Promise<void> {
    this.target.url = undefined;
    await this.gateway?.kill();
    await this.store.drop();
  }

  private async killAtRandom(): Promise<void> {
    const [least, most] = this.options.life;
    await this.up();
    await sleep(least + this.random() * (most - least));
    if (this.store.kind === 'embedded' && !this.options.losesPower && this.random() < 0.5) await this.lookAtCopy();
    await this.gateway!.kill();
    await this.look('killed at a random moment');
  }

  /** What the load leads to within some seconds; it may be less the next time, so none of it has to be reached. */
  private async everyPoint(): Promise<FaultPoint[]> {
    if (this.target.url !== undefined) {
      await this.gateway!.kill();
      this.lost();
    }
    await this.up({ FAULT: 'list' });
    await sleep(LISTING_MILLIS);
    const names = [...this.gateway!.faultPoints];
    await this.gateway!.kill();
    await this.look('told what it writes');
    this.options.log(`the load makes ${names.length} kinds of writes`);
    return names.map((name) => ({ name, isRare: true }));
  }

  /** The gateway dies by itself at the point; what comes before it may take some rounds to lead there. */
  private async killAt({ name, after, isRare }: FaultPoint): Promise<void> {
    for (let round = 0; round < POINT_TRIES; round++) {
      if (after && !(await this.diesAt(after, 1))) continue;
      // Not always the first time it comes by; but after some rounds that led nowhere, any time will do.
      const times = after || round > 1 ? 1 : 1 + Math.floor(this.random() * 3);
      if (await this.diesAt(name, times)) return this.look(`died ${name}`);
    }
    if (isRare) this.options.log(`nothing led to the fault point ${name} again`);
    else this.wrong.push(`nothing led to the fault point ${name}`);
  }

  private async diesAt(point: string, times: number): Promise<boolean> {
    if (this.target.url !== undefined) {
      await this.gateway!.kill();
      this.lost();
    }
    await this.store.pass();
    await this.up({ FAULT: `${point}:${times}` });
    const patience = new AbortController();
    const died = await Promise.race([
      this.gateway!.ended.then(() => true),
      sleep(POINT_PATIENCE_MILLIS, false, { signal: patience.signal }).catch(() => false),
    ]);
    patience.abort();
    await this.gateway!.kill();
    this.lost();
    return died;
  }

  /** Everybody gets an answer; then nothing may be half done any more. */
  private async finish(load: Load): Promise<void> {
    await this.store.pass();
    await this.up();
    await load.finish(END_PATIENCE_MILLIS);
    await this.gateway!.kill();
    this.lost();
    await this.store.pass();
    await this.start();
    await this.gateway!.stop();
    this.gateway = undefined;
    await this.look('recovered and at rest', true);
  }

  /** Starts the gateway if none runs, and lets the load at it. */
  private async up(extra: Record<string, string> = {}): Promise<void> {
    if (this.target.url === undefined) {
      if (this.random() < 0.5) await this.store.pass();
      this.target.turn++;
      this.target.url = (await this.start(extra)) ?? undefined;
    }
  }

  private async start(extra: Record<string, string> = {}): Promise<string | null> {
    const env = {
      APP_ENV: 'test',
      LOG_LEVEL: 'error',
      PORT: '0',
      SEED_ADMIN_USERNAME: ADMIN.username,
      SEED_ADMIN_PASSWORD: ADMIN.password,
      THROTTLE_PER_MIN: '0',
      ANTI_DUP_MINUTES: '1440',
      LEASE_SECONDS: '2',
      MAX_ATTEMPTS: '1000',
      AGENT_RATE_LIMIT_PER_MIN: '60000',
      ...this.store.env,
      ...extra,
    };
    this.gateway = GatewayProcess.start(env, this.store.root);
    const url = await this.gateway.listening();
    if (url === null && !extra['FAULT']) throw new Error(`The gateway ended at its start.\n${this.gateway.tail}`);
    return url;
  }

  /** The gateway is dead. Its disk, too, may have lost something. */
  private lost(): void {
    this.target.url = undefined;
    if (!this.gateway!.killed)
      this.wrong.push(`the gateway ended by itself, and not by a fault: ${this.gateway!.tail}`);
    this.deaths++;
    this.store.die();
  }

  private async look(what: string, isRecovered = false): Promise<void> {
    if (!isRecovered && this.target.url !== undefined) this.lost();
    // A copy, so that the gateway has to find its way by itself and doesn't inherit a store that was opened in peace.
    const folder = this.store.kind === 'embedded' && !isRecovered ? this.store.copy() : undefined;
    await this.examine(what, folder, isRecovered);
  }

  /** What a death at this moment would leave; the gateway stands still meanwhile and goes on afterwards. */
  private async lookAtCopy(): Promise<void> {
    this.gateway!.freeze();
    const folder = this.store.copy();
    await this.examine('a copy of its files while it stood still', folder, false);
    this.gateway!.thaw();
    await sleep(100 + this.random() * 300);
  }

  private async examine(what: string, folder: string | undefined, isRecovered: boolean): Promise<void> {
    const began = performance.now();
    const found = await this.store.read((store) => check(store, this.ledger, isRecovered), folder);
    this.messages = found.messages;
    this.wrong.push(...found.wrong);
    if (found.wrong.length > 0 && this.gateway) this.wrong.push(`the gateway said last: ${this.gateway.tail}`);
    const { requests, messages, wrong } = found;
    const millis = Math.round(performance.now() - began);
    this.options.log(
      `run ${++this.runs}: ${what}; ${this.ledger.requests.size} requests and ${this.ledger.reported.size} reports answered, ` +
        `${requests} requests and ${messages} messages stored: ${wrong.length === 0 ? 'all hold' : `${wrong.length} BROKEN`} (${millis} ms)`,
    );
  }
}
