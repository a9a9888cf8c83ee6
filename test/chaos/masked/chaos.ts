import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, type Random } from '../../../android-agent-sim/random.js';
import { Api } from '../../support/api.js';
import { must } from '../../support/people.js';
import { maskedWrong } from '../checks/masked-truth.js';
import { poolWrong, type PoolAnswer } from '../checks/pool-truth.js';
import { checkMessage } from '../checks/messages.js';
import type { SessionDoc } from '../../../src/proxy/session.js';
import type { FaultPoint } from '../fault-points.js';
import { GatewayProcess } from '../gateway-process.js';
import { Ledger } from '../ledger.js';
import { PhoneProxy } from '../phone-proxy.js';
import { ADMIN } from '../shop.js';
import { StoreUnderTest, type StoreKind } from '../store-under-test.js';
import type { Target } from '../target.js';
import { Conversations } from './conversations.js';
import { MaskedLoad } from './load.js';
import { openMaskedShop, WORDS, type MaskedShop } from './pool.js';
import { passTime, readRows, unfinished, type Rows } from './rows.js';

export interface MaskedOptions {
  store: StoreKind;
  seed: number;
  /** Deaths at random moments. */
  kills: number;
  points: readonly FaultPoint[];
  /** Milliseconds of life before a random death. */
  life: readonly [least: number, most: number];
  log: (line: string) => void;
}
export interface MaskedResult {
  wrong: string[];
  deaths: number;
  /** Points at which it died. */
  reached: string[];
  opened: number;
  texts: number;
}

const POINT_PATIENCE_MILLIS = 10_000;
const POINT_TRIES = 6;
const SETTLE_MILLIS = 60_000;
/** Looks that find nothing, 200 ms apart. */
const CALM = 10;
const WAITING = ['PENDING', 'ASSIGNED', 'SENDING'];

/** Kills a gateway between the steps of masked conversations through phones, and looks after each death what became of them. */
export async function runMaskedChaos(options: MaskedOptions): Promise<MaskedResult> {
  const chaos = new MaskedChaos(options);
  try {
    return await chaos.run();
  } finally {
    await chaos.end();
  }
}

class MaskedChaos {
  private readonly store: StoreUnderTest;
  private readonly target: Target = { url: undefined, turn: 0 };
  private readonly ledger = new Ledger();
  private readonly conversations = new Conversations();
  private readonly random: Random;
  private readonly wrong: string[] = [];
  private readonly reached: string[] = [];
  private gateway: GatewayProcess | undefined;
  private phones!: PhoneProxy;
  private shop!: MaskedShop;
  private load!: MaskedLoad;
  private deaths = 0;

  constructor(private readonly options: MaskedOptions) {
    this.store = new StoreUnderTest(options.store, false);
    this.random = seededRandom(options.seed, 0, 'masked chaos');
  }

  async run(): Promise<MaskedResult> {
    const { kills, points, seed } = this.options;
    this.phones = await PhoneProxy.start(this.target, this.ledger);
    await this.start();
    this.shop = await openMaskedShop(this.target.url!, this.phones.url, seed);
    this.shop.fleet.events.on('sending', ({ messageId, to, text }) => {
      this.conversations.sent.push({ to: to!, text: text! });
      this.ledger.sendings.set(messageId!, (this.ledger.sendings.get(messageId!) ?? 0) + 1);
    });
    this.load = new MaskedLoad(this.target, this.shop, this.conversations, seed);
    for (const point of points) if (this.wrong.length === 0) await this.killAt(point);
    for (let i = 0; i < kills && this.wrong.length === 0; i++) await this.killAtRandom();
    if (this.wrong.length === 0) await this.finish();
    const opened = this.conversations.all.filter(({ id }) => id).length;
    const texts = this.conversations.sent.length;
    return { wrong: this.wrong, deaths: this.deaths, reached: this.reached, opened, texts };
  }

  async end(): Promise<void> {
    this.target.url = undefined;
    await this.load?.stop();
    await this.shop?.fleet.stop({ graceMs: 0 });
    await this.phones?.stop();
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

  /** Everybody goes on to their end; then every number is free. */
  private async finish(): Promise<void> {
    await this.up();
    await this.load.finish();
    await this.die();
    await this.settle('over', true);
  }

  /** Nobody begins anything, and the gateway gets the time to end what it had begun; then all must be right. */
  private async settle(what: string, endsAll = false): Promise<void> {
    await this.load.rest();
    const deadline = performance.now() + SETTLE_MILLIS;
    const isDone = (seen: Rows, answer?: PoolAnswer) => isAtRest(seen) && (!endsAll || answer !== undefined);
    const isAtRest = (seen: Rows) => unfinished(seen).length === 0 && this.toEnd(seen, endsAll).length === 0;
    let rows = await this.store.read(readRows);
    let pool: PoolAnswer | undefined;
    do {
      const wasAtRest = isAtRest(rows);
      await this.up();
      await this.endUnknown(rows, endsAll);
      await this.quiet();
      pool = wasAtRest ? must(200, await this.api().get('/tn')) : undefined;
      await this.die();
      rows = await this.store.read(readRows);
    } while (!isDone(rows, pool) && performance.now() < deadline);
    this.wrong.push(
      ...unfinished(rows),
      ...maskedWrong(rows, this.conversations),
      ...(pool ? poolWrong(rows, pool, endsAll) : []),
      ...rows.messages.flatMap((message) => checkMessage(message, this.ledger)),
      ...[...this.ledger.sendings].filter(([, n]) => n > 1).map(([id, n]) => `${id} went out ${n} times`),
      ...this.ledger.complaints,
      ...this.load.complaints,
    );
    const { all, sent } = this.conversations;
    const open = rows.sessions.filter(({ state }) => state === 'open').length;
    this.options.log(
      `death ${this.deaths}: ${what}; ${all.length} conversations begun, ${rows.sessions.length} sessions, ${open} open, ` +
        `${sent.length} texts sent: ${this.wrong.length === 0 ? 'all hold' : `${this.wrong.length} BROKEN`}`,
    );
    this.load.go();
  }

  /** Nothing waits for a phone, and nothing that a phone has to tell, for longer than the workers pause. */
  private async quiet(): Promise<void> {
    const deadline = performance.now() + SETTLE_MILLIS;
    for (let calm = 0; calm < CALM && performance.now() < deadline; await sleep(200)) {
      const waiting = await Promise.all(
        WAITING.map((status) => this.api().get(`/messages/all?status=${status}&limit=1`)),
      );
      const isCalm = waiting.every((answer) => must(200, answer).items.length === 0);
      calm = isCalm && this.shop.fleet.waitingReports === 0 ? calm + 1 : 0;
    }
  }

  /** Sessions whose opening was never answered are found in the list by whoever asked for them, and ended. */
  private async endUnknown(rows: Rows, endsAll: boolean): Promise<void> {
    for (const { _id: id, participants } of this.toEnd(rows, endsAll)) {
      const conversation = this.conversations.with(participants[0]!.address)!;
      if ((conversation.id ??= id) !== id) this.wrong.push(`${conversation.id} and ${id} are of the same people`);
      this.conversations.isEnding(conversation);
      const isPair = conversation.kind === 'pair';
      const answer = await (isPair
        ? this.api().delete('/session', { session_id: id })
        : this.api().delete(`/sessions/CH${id}`));
      // It has ended by itself since it was read.
      if (answer.status === 404 && conversation.end.startsWith('expire')) continue;
      must(200, answer);
      conversation.end = 'told';
    }
  }

  private toEnd({ sessions }: Rows, endsAll: boolean): SessionDoc[] {
    return sessions.filter(({ state, opening_until, participants }) => {
      const conversation = this.conversations.with(participants[0]!.address);
      return state === 'open' && !opening_until && conversation && (endsAll || !conversation.id);
    });
  }

  private api(): Api {
    return new Api(this.target.url!, this.shop.admin);
  }

  /** Starts the gateway if none runs; in every other case, the time has passed meanwhile after which it mends what a dead one has left. */
  private async up(extra: Record<string, string> = {}): Promise<void> {
    if (this.target.url !== undefined) return;
    await this.store.read((store) => passTime(store, this.conversations));
    await this.start(extra);
  }

  private async start(extra: Record<string, string> = {}): Promise<void> {
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
      ...WORDS,
      ...this.store.env,
      ...extra,
    };
    this.gateway = GatewayProcess.start(env, this.store.root);
    const url = await this.gateway.listening();
    if (url === null && !extra['FAULT']) throw new Error(`The gateway ended at its start.\n${this.gateway.tail}`);
    this.target.turn++;
    this.target.url = url ?? undefined;
  }

  private async die(): Promise<void> {
    if (this.target.url === undefined && !this.gateway) return;
    this.target.url = undefined;
    await this.gateway!.kill();
    if (!this.gateway!.killed) this.wrong.push(`the gateway ended by itself, not by a fault: ${this.gateway!.tail}`);
    this.gateway = undefined;
    this.deaths++;
  }
}
