import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, type Random } from '../../../android-agent-sim/random.js';
import type { Store } from '../../../src/database/collection.js';
import type { Fleet } from '../../../android-agent-sim/index.js';
import { Api } from '../../support/api.js';
import { must } from '../../support/people.js';
import type { FaultPoint } from '../fault-points.js';
import { GatewayProcess } from '../gateway-process.js';
import { Ledger } from '../ledger.js';
import { ADMIN } from '../shop.js';
import { StoreUnderTest, type StoreKind } from '../store-under-test.js';
import type { Target } from '../target.js';

export interface StepOptions {
  store: StoreKind;
  seed: number;
  /** Deaths at random moments. */
  kills: number;
  points: readonly FaultPoint[];
  /** Milliseconds of life before a random death. */
  life: readonly [least: number, most: number];
  log: (line: string) => void;
}
export interface StepResult {
  wrong: string[];
  deaths: number;
  /** Points at which it died. */
  reached: string[];
}

const POINT_PATIENCE_MILLIS = 10_000;
const POINT_TRIES = 6;
export const SETTLE_MILLIS = 60_000;
/** Looks that find nothing, 200 ms apart. */
const CALM = 10;

/** Kills a gateway between the steps of something, and lets it come to rest after each death, so that somebody can look at what became of it. */
export abstract class StepChaos {
  protected readonly store: StoreUnderTest;
  protected readonly target: Target = { url: undefined, turn: 0 };
  protected readonly ledger = new Ledger();
  protected readonly wrong: string[] = [];
  protected deaths = 0;
  private readonly reached: string[] = [];
  private readonly random: Random;
  private gateway: GatewayProcess | undefined;

  constructor(protected readonly options: StepOptions) {
    this.store = new StoreUnderTest(options.store, false);
    this.random = seededRandom(options.seed, 0, 'steps');
  }

  /** What the gateway needs of its environment besides what every one has. */
  protected abstract env(): Record<string, string>;
  /** The time passes for which nobody wants to wait. */
  protected abstract passTime(store: Store): Promise<void>;
  /** Everybody goes on to their end. */
  protected abstract finishLoad(): Promise<void>;
  /** Nobody begins anything, and the gateway gets the time to end what it had begun; then all must be right. */
  protected abstract settle(what: string, endsAll?: boolean): Promise<void>;

  protected async killAll(): Promise<void> {
    const { kills, points } = this.options;
    for (const point of points) if (this.wrong.length === 0) await this.killAt(point);
    for (let i = 0; i < kills && this.wrong.length === 0; i++) await this.killAtRandom();
    if (this.wrong.length === 0) await this.finish();
  }

  protected get result(): StepResult {
    return { wrong: this.wrong, deaths: this.deaths, reached: this.reached };
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
    await this.die();
    // Sometimes it dies again before it has recovered.
    if (this.random() < 0.5) await this.settle('killed at a random moment');
  }

  /** It dies by itself at the point; what has to come before it may take some rounds. */
  private async killAt({ name, after, isRare }: FaultPoint): Promise<void> {
    for (let round = 0; round < POINT_TRIES; round++) {
      if (after && !(await this.diesAt(after, 1))) continue;
      if (!(await this.diesAt(name, after ? 1 : 1 + Math.floor(this.random() * 3)))) continue;
      this.reached.push(name);
      return this.settle(`died ${name}`);
    }
    if (isRare) this.options.log(`nothing led to the fault point ${name}`);
    else this.wrong.push(`nothing led to the fault point ${name}`);
  }

  private async diesAt(point: string, times: number): Promise<boolean> {
    await this.die();
    await this.up({ FAULT: `${point}:${times}` });
    const patience = new AbortController();
    const died = await Promise.race([
      this.gateway!.ended.then(() => true),
      sleep(POINT_PATIENCE_MILLIS, false, { signal: patience.signal }).catch(() => false),
    ]);
    patience.abort();
    await this.die();
    return died;
  }

  private async finish(): Promise<void> {
    await this.up();
    await this.finishLoad();
    await this.die();
    await this.settle('over', true);
  }

  /** Nothing waits with one of these statuses, and phones have nothing to tell, for longer than the workers pause. */
  protected async quiet(
    admin: Record<string, string>,
    fleet: Pick<Fleet, 'waitingReports'>,
    waiting: readonly string[],
  ): Promise<void> {
    const deadline = performance.now() + SETTLE_MILLIS;
    const api = new Api(this.target.url!, admin);
    for (let calm = 0; calm < CALM && performance.now() < deadline; await sleep(200)) {
      const answers = await Promise.all(waiting.map((status) => api.get(`/messages/all?status=${status}&limit=1`)));
      const isCalm = answers.every((answer) => must(200, answer).items.length === 0);
      calm = isCalm && fleet.waitingReports === 0 ? calm + 1 : 0;
    }
  }

  /** Starts the gateway if none runs, some time after the one before. */
  protected async up(extra: Record<string, string> = {}): Promise<void> {
    if (this.target.url !== undefined) return;
    await this.store.read((store) => this.passTime(store));
    await this.start(extra);
  }

  protected async start(extra: Record<string, string> = {}): Promise<void> {
    const env = {
      APP_ENV: 'test',
      LOG_LEVEL: 'error',
      PORT: '0',
      SEED_ADMIN_USERNAME: ADMIN.username,
      SEED_ADMIN_PASSWORD: ADMIN.password,
      JWT_ACCESS_MINUTES: '1000',
      THROTTLE_PER_MIN: '0',
      LEASE_SECONDS: '2',
      MAX_ATTEMPTS: '1000',
      AGENT_RATE_LIMIT_PER_MIN: '60000',
      ...this.env(),
      ...this.store.env,
      ...extra,
    };
    this.gateway = GatewayProcess.start(env, this.store.root);
    const url = await this.gateway.listening();
    if (url === null && !extra['FAULT']) throw new Error(`The gateway ended at its start.\n${this.gateway.tail}`);
    this.target.turn++;
    this.target.url = url ?? undefined;
  }

  protected async die(): Promise<void> {
    if (this.target.url === undefined && !this.gateway) return;
    this.target.url = undefined;
    await this.gateway!.kill();
    if (!this.gateway!.killed) this.wrong.push(`the gateway ended by itself, not by a fault: ${this.gateway!.tail}`);
    this.gateway = undefined;
    this.deaths++;
  }
}
