import { join } from 'node:path';
import { encodeRequest } from '../connection.js';
import { Gateway } from '../gateway.js';
import type { Load } from '../load.js';
import type { Figure, Row } from '../row.js';
import { loginAsAdmin } from '../shop.js';
import { median, percentile, spread } from '../statistics.js';

const TNS = 100;
const FEW = 10;
const NUMBER_POOL = JSON.stringify(Array.from({ length: TNS }, (_, i) => `+120655501${String(i).padStart(2, '0')}`));

interface Session {
  sid: string;
  participants: { messagingBinding: { address: string; proxy_address: string } }[];
}

const OPERATIONS = ['creating a session', 'finding the session of a text'] as const;
type Operation = (typeof OPERATIONS)[number];

/** A gateway with so many open sessions. */
class Subject {
  private open: Session[] = [];
  private people = 0;

  private constructor(
    private readonly gateway: Gateway,
    private readonly admin: { authorization: string },
  ) {}

  static async start(dir: string, sessions: number): Promise<Subject> {
    const gateway = await Gateway.start({ dir, env: { NUMBER_POOL } });
    const load = await gateway.load(16);
    const subject = new Subject(gateway, await loginAsAdmin(load));
    await subject.create(sessions, load);
    load.close();
    return subject;
  }

  stop(): Promise<void> {
    return this.gateway.stop();
  }

  /** Milliseconds of `count` calls, one after the other. As many sessions are open afterwards. */
  async measure(operation: Operation, count: number): Promise<number[]> {
    // The other one's turn may have been longer than a connection may be idle.
    const load = await this.gateway.load(1);
    try {
      return await (operation === 'creating a session' ? this.createAndClose(count, load) : this.find(count, load));
    } finally {
      load.close();
    }
  }

  private async createAndClose(count: number, load: Load): Promise<number[]> {
    const before = this.open.length;
    const millis = await this.create(count, load);
    const made = this.open.splice(before);
    await load.send(
      made.map(({ sid }) => encodeRequest('DELETE', `/sessions/${sid}`, this.admin)),
      200,
    );
    return millis;
  }

  private create(count: number, load: Load): Promise<number[]> {
    const requests = Array.from({ length: count }, () => {
      const addresses = [0, 1].map(() => `+8490${String(this.people++).padStart(7, '0')}`);
      return encodeRequest('POST', '/sessions', this.admin, { addresses });
    });
    return load.send(requests, 200, ({ body }) => this.open.push(JSON.parse(body.toString()) as Session));
  }

  /** As a text does that comes from a participant: by their number and the one that they wrote to. */
  private find(count: number, load: Load): Promise<number[]> {
    const asked = Array.from({ length: count }, (_, i) => this.open[(i * 37) % this.open.length]!);
    return load.send(
      asked.map(({ participants }) => {
        const { address, proxy_address } = participants[0]!.messagingBinding;
        const query = new URLSearchParams({ address, proxyAddress: proxy_address });
        return encodeRequest('GET', `/participants?${query.toString()}`, this.admin);
      }),
      200,
      ({ body }, i) => {
        const { conversationSid } = JSON.parse(body.toString()) as { conversationSid: string };
        if (conversationSid !== asked[i]!.sid) throw new Error(`found ${conversationSid}, not ${asked[i]!.sid}`);
      },
    );
  }
}

export const masked: Row = {
  number: 13,
  what: `p50 with 10,000 open masked sessions on ${TNS} numbers / with ${FEW}`,
  async run({ dir, rounds, quick }) {
    const many = quick ? 2000 : 10_000;
    const subjects = {
      many: await Subject.start(join(dir, 'many'), many),
      few: await Subject.start(join(dir, 'few'), FEW),
    };
    const figures: Figure[] = [];
    const notes: string[] = [];
    const count = quick ? 20 : 40;
    const pairs = new Map<Operation, { many: number; few: number }[]>(OPERATIONS.map((operation) => [operation, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const operation of OPERATIONS) {
        const pair = {
          many: percentile(await subjects.many.measure(operation, count), 0.5),
          few: percentile(await subjects.few.measure(operation, count), 0.5),
        };
        if (round > 0) pairs.get(operation)!.push(pair);
      }
    }
    for (const [operation, measured] of pairs) {
      const ratios = measured.map((pair) => pair.many / pair.few);
      figures.push({
        what: `${operation}, p50 ${many.toLocaleString('en-US')} / ${FEW} open`,
        value: median(ratios),
        unit: '',
        floor: 1.5,
        goal: 1.2,
        lowerIsBetter: true,
        spread: spread(ratios),
      });
      const [big, little] = [median(measured.map((pair) => pair.many)), median(measured.map((pair) => pair.few))];
      notes.push(`${operation}: ${big.toFixed(2)} ms / ${little.toFixed(2)} ms`);
    }
    await subjects.many.stop();
    await subjects.few.stop();
    return { figures, notes };
  },
};
