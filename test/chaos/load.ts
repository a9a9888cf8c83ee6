import { setTimeout as sleep } from 'node:timers/promises';
import { realTimers, startPhones, type Fleet, type Timers } from '../../android-agent-sim/index.js';
import { seededRandom, type Random } from '../../android-agent-sim/random.js';
import { Client } from './client.js';
import type { Ledger, Text } from './ledger.js';
import { PhoneProxy } from './phone-proxy.js';
import { GROUP, groupPhones, type Shop } from './shop.js';
import type { Target } from './target.js';

const BULK = 5000;
/** Requests of this size meet on the way, and one of the two has to give way. */
const TWIN = 900;
/** A phone leaves a dead gateway alone for longer and longer; here the next one is never far. */
const LONGEST_SLEEP_MILLIS = 100;
export const impatient: Timers = {
  ...realTimers,
  sleep: (millis, signal) => realTimers.sleep(Math.min(millis, LONGEST_SLEEP_MILLIS), signal),
};

/** Everybody who uses the gateway during a chaos: clients that never give up, and phones. */
export class Load {
  private readonly ending = new AbortController();
  private readonly over = new AbortController();
  private readonly working: Promise<void>[] = [];
  private hasty = '';
  private fresh = 0;

  private constructor(
    private readonly target: Target,
    private readonly shop: Shop,
    private readonly ledger: Ledger,
    private readonly seed: number,
    private readonly proxy: PhoneProxy,
    private readonly fleets: Fleet[],
  ) {}

  static async start(target: Target, shop: Shop, ledger: Ledger, seed: number): Promise<Load> {
    const proxy = await PhoneProxy.start(target, ledger);
    const quick = { url: proxy.url, wait: 1, limit: 100, latency: [1, 20], deliveryLatency: [1, 40], seed } as const;
    const trouble = { failure: 0.05, crash: 0.005, crashSeconds: 0.3, offline: 0.005, offlineSeconds: 0.3 };
    const fleets = [
      await startPhones({ ...quick, ...trouble, device: 'honest', phones: 3 }, { timers: impatient }),
      await startPhones({ ...quick, failure: 0.1, device: 'hasty', dishonest: true }, { timers: impatient }),
    ];
    fleets[0]!.events.on('sending', ({ messageId }) =>
      ledger.sendings.set(messageId!, (ledger.sendings.get(messageId!) ?? 0) + 1),
    );
    const load = new Load(target, shop, ledger, seed, proxy, fleets);
    await groupPhones(target.url!, shop, 'honest', [GROUP]);
    [load.hasty] = (await groupPhones(target.url!, shop, 'hasty', [])) as [string];
    load.begin();
    return load;
  }

  /** Nothing new is begun; everybody gets the answer they wait for, as long as the time lasts. */
  async finish(patienceMillis: number): Promise<void> {
    this.ending.abort();
    const timer = setTimeout(() => this.over.abort(), patienceMillis);
    await Promise.all(this.working);
    clearTimeout(timer);
    if (this.over.signal.aborted) this.ledger.complaints.push('a client waited in vain for an answer');
    await Promise.all(this.fleets.map((fleet) => fleet.stop({ graceMs: 2000 })));
    await this.proxy.stop();
  }

  private begin(): void {
    const { keys, admin, limited } = this.shop;
    [keys[0]!, keys[1]!, admin, admin].forEach((headers, i) => {
      this.work(`shop ${i}`, headers, (client, random) => this.shared(client, random));
    });
    this.work('limited', limited, (client, random) => this.small(client, random));
    this.work('planner', keys[0]!, (client, random) => this.planned(client, random));
    this.work('other planner', admin, (client, random) => this.planned(client, random));
    this.work('user', admin, (client, random) => this.small(client, random));
    this.work('twins', keys[1]!, (client) => this.twins(client, this.client(keys[2]!)));
    this.work('bulk', keys[2]!, (client) => this.bulk(client));
  }

  private client(headers: Record<string, string>): Client {
    return new Client(headers, this.shop.templateId, this.target, this.ledger, this.over.signal);
  }

  private work(name: string, headers: Record<string, string>, turn: (client: Client, random: Random) => Promise<void>) {
    const random = seededRandom(this.seed, 0, name);
    const client = this.client(headers);
    const run = async (): Promise<void> => {
      while (!this.ending.signal.aborted) {
        await turn(client, random);
        await sleep(5 + random() * 20);
      }
    };
    this.working.push(run().catch((error: unknown) => void this.ledger.complaints.push(`${name}: ${String(error)}`)));
  }

  /** A few of some texts that the others want to send, too. */
  private async shared(client: Client, random: Random): Promise<void> {
    const places = Array.from({ length: 1 + Math.floor(random() * 8) }, () => Math.floor(random() * 40));
    const texts = [...new Set(places)].map((place) => text(place, `${this.target.turn}-shared`));
    await client.submit({ texts, route: this.route(random) });
  }

  private async small(client: Client, random: Random): Promise<void> {
    const texts = this.newTexts(1 + Math.floor(random() * 3));
    const key = random() < 0.5 ? `key-${this.fresh}` : undefined;
    const order = { texts, route: this.route(random), isFresh: true, ...(key ? { key } : {}) };
    const first = await client.submit(order);
    if (!first || !key || random() < 0.7) return;
    const again = await client.submit({ ...order, isFresh: false });
    if (again && again.id !== first.id) this.ledger.complaints.push(`${key} made ${first.id} and ${again.id}`);
  }

  /** For tomorrow, then taken back; what was taken back may be sent again. */
  private async planned(client: Client, random: Random): Promise<void> {
    const texts = this.newTexts(2);
    const scheduleAt = new Date(Date.now() + 86_400_000).toISOString();
    const request = await client.submit({ texts, route: this.route(random), isFresh: true, scheduleAt });
    // After a crash it may be the duplicate of an earlier try, which goes on living.
    if (!request || request.skipped > 0 || !(await client.cancel(request, random() < 0.5))) return;
    await client.submit({ texts: texts.slice(0, 1), route: this.route(random), isFresh: true });
    await sleep(20);
  }

  /** Two requests that share half of their texts, in opposite order, at once. */
  private async twins(one: Client, other: Client): Promise<void> {
    const texts = this.newTexts(TWIN);
    const half = TWIN / 3;
    const route = `group:${GROUP}`;
    await Promise.all([
      one.submit({ texts: texts.slice(0, 2 * half), route }),
      other.submit({ texts: texts.slice(half).toReversed(), route }),
    ]);
    await sleep(400);
  }

  /** One big request in the life of every other gateway. */
  private async bulk(client: Client): Promise<void> {
    const { turn } = this.target;
    if (turn % 2 === 0) await client.submit({ texts: this.newTexts(BULK), route: `group:${GROUP}`, isFresh: true });
    while (turn === this.target.turn && !this.ending.signal.aborted) await sleep(20);
  }

  private route(random: Random): string {
    return random() < 0.2 ? `agent:${this.hasty}` : `group:${GROUP}`;
  }

  private newTexts(count: number): Text[] {
    const first = this.fresh;
    this.fresh += count;
    return Array.from({ length: count }, (_, i) => text((first + i) % 900_000, `${first + i}-new`));
  }
}

function text(place: number, code: string): Text {
  return { to: `+8490${1_000_000 + place}`, code };
}
