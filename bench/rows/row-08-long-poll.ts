import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../connection.js';
import { Gateway } from '../gateway.js';
import type { Row } from '../row.js';
import { leaseOf, openShop, submission, type Phone } from '../shop.js';
import { percentile } from '../statistics.js';

const PHONES = 20;
const PER_SECOND = 100;
const WAIT_SECONDS = 30;

export const longPoll: Row = {
  number: 8,
  what: 'acceptance to phone by long-poll at 100 messages/s',
  async run({ dir, quick }) {
    const gateway = await Gateway.start({ dir: join(dir, 'row-8') });
    const shop = await openShop(gateway, PHONES);
    const arrived = new Map<string, number>();
    const phones = await Promise.all(shop.phones.map((phone) => new Waiting(phone, arrived).start(gateway.port)));
    const client = await Promise.all(Array.from({ length: 64 }, () => Connection.open(gateway.port)));
    const sent: { id: string; at: number; acceptedAt: number }[] = [];
    const seconds = quick ? 5 : 20;
    const begun = now();
    const pending: Promise<void>[] = [];
    // The load keeps its own schedule and doesn't wait for answers: a slow server must not slow it down.
    for (let n = 0; n < seconds * PER_SECOND; n++) {
      const due = begun + (n * 1000) / PER_SECOND;
      while (now() < due) await sleep(Math.max(0, due - now()));
      const connection = client[n % client.length]!;
      const request = submission(shop, shop.phones[n % PHONES]!, 1);
      const at = now();
      pending.push(
        connection.send(request).then(({ status, body }) => {
          if (status !== 201) throw new Error(`${status}: ${body.toString()}`);
          const { request_id: id } = JSON.parse(body.toString()) as { request_id: string };
          sent.push({ id, at, acceptedAt: now() });
        }),
      );
    }
    await Promise.all(pending);
    await sleep(500);
    for (const phone of phones) phone.stop();
    for (const connection of client) connection.close();
    await gateway.stop();
    const lost = sent.filter(({ id }) => !arrived.has(id)).length;
    if (lost > 0) throw new Error(`${lost} messages didn't arrive`);
    // The first second is the warm-up.
    const counted = sent.filter(({ at }) => at > begun + 1000);
    const accepted = counted.map(({ id, acceptedAt }) => Math.max(0, arrived.get(id)! - acceptedAt));
    const whole = counted.map(({ id, at }) => arrived.get(id)! - at);
    return {
      figures: [
        figure('from the call to the phone, p50', percentile(whole, 0.5), 10, 3),
        figure('from the call to the phone, p99', percentile(whole, 0.99), 50, 15),
      ],
      notes: [
        `${counted.length} messages; the call includes the whole durable acceptance; after its answer: p50 ` +
          `${percentile(accepted, 0.5).toFixed(2)} ms, p99 ${percentile(accepted, 0.99).toFixed(2)} ms`,
      ],
    };
  },
};

/** Wall time with fractions of a millisecond, comparable between two processes. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function figure(what: string, value: number, floor: number, goal: number) {
  return { what, value, unit: 'ms', floor, goal, lowerIsBetter: true };
}

/** A phone that always waits for its next job. */
class Waiting {
  private connection: Connection | undefined;
  private open = true;

  constructor(
    private readonly phone: Phone,
    private readonly arrived: Map<string, number>,
  ) {}

  async start(port: number): Promise<this> {
    this.connection = await Connection.open(port);
    void this.poll(this.connection);
    return this;
  }

  stop(): void {
    this.open = false;
    this.connection?.close();
  }

  private async poll(connection: Connection): Promise<void> {
    const request = leaseOf(this.phone, 10, WAIT_SECONDS);
    while (this.open) {
      try {
        const { body } = await connection.send(request);
        const at = now();
        const { messages } = JSON.parse(body.toString()) as { messages: { request_id: string }[] };
        for (const { request_id } of messages) this.arrived.set(request_id, at);
      } catch (error) {
        if (this.open) throw error;
      }
    }
  }
}
