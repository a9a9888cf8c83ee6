import type { FilledStore } from '../backlog.js';
import { encodeRequest } from '../connection.js';
import { Gateway } from '../gateway.js';
import type { Load } from '../load.js';
import type { Context, Figure, Row } from '../row.js';
import { leaseOf, loginAsAdmin, reportOf, submission, type Shop } from '../shop.js';
import { median, percentile, spread } from '../statistics.js';

const JOBS = 10;
/** Messages that are read repeatedly: nearly the newest ones, which no claim reaches. */
const READ_PAGE = 100;

/** One gateway on one store, and the calls that are measured. */
class Subject {
  private leased: string[] = [];
  private readable: string[] = [];
  private sent: Buffer[] = [];

  private constructor(
    private readonly gateway: Gateway,
    private readonly load: Load,
    private readonly shop: Shop,
    /** A key whose daily limit is used up. */
    private readonly full: Record<string, string>,
  ) {}

  static async open({ dir, shop }: FilledStore): Promise<Subject> {
    const gateway = await Gateway.start({ dir, env: { ANTI_DUP_MINUTES: '1440' } });
    const load = await gateway.load(1);
    const subject = new Subject(gateway, load, shop, await keyThatIsFull(load, shop));
    await subject.prepare();
    return subject;
  }

  async close(): Promise<void> {
    this.load.close();
    await this.gateway.stop();
  }

  /** Milliseconds of `count` calls, one after the other. */
  async measure(operation: Operation, count: number): Promise<number[]> {
    const { phones, key } = this.shop;
    const phone = phones[0]!;
    switch (operation) {
      case 'lease':
        return this.load.send(times(count, leaseOf(phone, JOBS)), 200, ({ body }) => {
          const { messages } = JSON.parse(body.toString()) as { messages: { message_id: string }[] };
          if (messages.length !== JOBS) throw new Error(`${messages.length} jobs instead of ${JOBS}`);
          this.leased.push(...messages.map((message) => message.message_id));
        });
      case 'report': {
        const ids = this.leased.splice(0, count);
        return this.load.send(
          ids.map((id) => reportOf(phone, [id], 'SENT')),
          200,
        );
      }
      case 'duplicate check':
        return this.load.send(this.sent.slice(0, count), 201);
      case 'limit':
        return this.load.send(
          Array.from({ length: count }, () => submission(this.shop, phone, 1, this.full)),
          429,
        );
      case 'message read':
        return this.load.send(
          Array.from({ length: count }, (_, i) =>
            encodeRequest('GET', `/messages/${this.readable[(i * 37) % this.readable.length]!}`, key),
          ),
          200,
        );
    }
  }

  private async prepare(): Promise<void> {
    const { phones, key } = this.shop;
    this.sent = Array.from({ length: 100 }, () => submission(this.shop, phones[0]!, 1));
    await this.load.send(this.sent, 201);
    const path = `/messages/all?limit=${READ_PAGE}&skip=200`;
    const page = await this.load.ask<{ items: { message_id: string }[] }>(encodeRequest('GET', path, key));
    this.readable = page.items.map((message) => message.message_id);
  }
}

const OPERATIONS = ['lease', 'report', 'duplicate check', 'limit', 'message read'] as const;
type Operation = (typeof OPERATIONS)[number];

export const flat: Row = {
  number: 6,
  what: 'p50 at 1,000,000 messages / at 10,000',
  async run(context) {
    const { backlog } = context;
    const [small, large] = [await backlog.small, await backlog.large];
    const sizes = `${large.messages.toLocaleString('en-US')} / ${small.messages.toLocaleString('en-US')}`;
    const long = await compareStores(context, small, large, sizes);
    await backlog.addNotDue();
    const added = await compareStores(
      context,
      small,
      large,
      `with ${backlog.notDue.toLocaleString('en-US')} not yet due`,
    );
    return { figures: [...long.figures, ...added.figures], notes: [...long.notes, ...added.notes] };
  },
};

async function compareStores({ rounds, quick }: Context, small: FilledStore, large: FilledStore, title: string) {
  const subjects = [await Subject.open(large), await Subject.open(small)] as const;
  const figures: Figure[] = [];
  const notes: string[] = [];
  const count = quick ? 20 : 40;
  const p50s = new Map<Operation, { large: number; small: number }[]>(OPERATIONS.map((operation) => [operation, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const operation of OPERATIONS) {
      const pair = {
        large: percentile(await subjects[0].measure(operation, count), 0.5),
        small: percentile(await subjects[1].measure(operation, count), 0.5),
      };
      if (round > 0) p50s.get(operation)!.push(pair);
    }
  }
  for (const [operation, pairs] of p50s) {
    const ratios = pairs.map((pair) => pair.large / pair.small);
    figures.push({
      what: `${operation}, p50 ${title}`,
      value: median(ratios),
      unit: '',
      floor: 1.5,
      goal: 1.2,
      lowerIsBetter: true,
      spread: spread(ratios),
    });
    const [big, little] = [median(pairs.map((pair) => pair.large)), median(pairs.map((pair) => pair.small))];
    notes.push(`${operation}: ${big.toFixed(2)} ms / ${little.toFixed(2)} ms (${title})`);
  }
  for (const subject of subjects) await subject.close();
  return { figures, notes };
}

/** Its submissions reach the check of the limit and are refused there. */
async function keyThatIsFull(load: Load, shop: Shop): Promise<Record<string, string>> {
  const created = await load.ask<{ plain_key: string }>(
    encodeRequest('POST', '/admin/api-keys', await loginAsAdmin(load), {
      client_name: 'Full',
      scopes: ['sms:send'],
      rate_limit_per_day: 1,
    }),
    201,
  );
  const key = { 'x-api-key': created.plain_key };
  await load.send([submission(shop, shop.phones[0]!, 1, key)], 201);
  return key;
}

function times(count: number, request: Buffer): Buffer[] {
  return new Array<Buffer>(count).fill(request);
}
