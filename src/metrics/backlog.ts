import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { AgentsRepository } from '../agents/agents.repository.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/load-config.js';
import { QueueRepository } from '../messages/queue.repository.js';
import { Metrics } from './metrics.js';

/** Counting stops here; a larger number is reported as this. A count of 10,000 entries of an index takes about a millisecond. */
const MOST_COUNTED = 10_000;
/** Lists that one reading looks at; with more of them a round takes several readings. */
const MOST_HEADS = 300;
const FRESH_MILLIS = 5000;

interface Reading {
  ready: number;
  waiting: number;
  oldestSeconds: number;
  online: number;
}

/**
 * What waits in the store. It is read when the metrics are requested, at most once in five seconds. Each query has a limit, so that it
 * costs the same with a million waiting messages as with ten.
 */
@Injectable()
export class Backlog {
  private known: { at: number; reading: Promise<Reading> } | undefined;
  /** The position of the round over the queues' heads, and the oldest message of this round and of the last complete one. */
  private place = { queue: '', weight: -1 };
  private oldest: { sofar: Date | null; lastRound: Date | null } = { sofar: null, lastRound: null };

  constructor(
    metrics: Metrics,
    private readonly queues: QueueRepository,
    private readonly agents: AgentsRepository,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    const tell = (name: string, help: string, value: (reading: Reading) => number) => {
      const read = () => this.read();
      const registers = [metrics.registry];
      // The library calls this with the gauge as `this`.
      const gauge = new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(value(await read()));
        },
      });
      return gauge;
    };
    const upTo = `; ${MOST_COUNTED} means that or more`;
    tell('trunkline_queue_ready', `Messages that may be claimed now${upTo}.`, ({ ready }) => ready);
    tell('trunkline_queue_waiting', `Messages that are scheduled or leased${upTo}.`, ({ waiting }) => waiting);
    tell(
      'trunkline_queue_oldest_due_seconds',
      'How long the oldest message that may be claimed has been due; 0 when there is none.',
      ({ oldestSeconds }) => oldestSeconds,
    );
    tell('trunkline_agents_online', 'Phones that made a call within AGENT_ONLINE_SECONDS.', ({ online }) => online);
  }

  private read(): Promise<Reading> {
    const now = performance.now();
    if (!this.known || now - this.known.at > FRESH_MILLIS) {
      const known = { at: now, reading: this.look() };
      known.reading.catch(() => (this.known = undefined));
      this.known = known;
    }
    return this.known.reading;
  }

  private async look(): Promise<Reading> {
    const now = this.clock.now();
    const since = new Date(now.getTime() - this.config.AGENT_ONLINE_SECONDS * 1000);
    const [depths, oldest, phones] = await Promise.all([
      this.queues.depths(MOST_COUNTED),
      this.oldestDue(),
      this.agents.countHeardOf(since),
    ]);
    const heardOf = Object.values(phones).reduce((sum, count) => sum + count, 0);
    return {
      ...depths,
      oldestSeconds: oldest ? Math.max(0, (now.getTime() - oldest.getTime()) / 1000) : 0,
      online: heardOf - (phones['offline'] ?? 0),
    };
  }

  /** Goes from head to head, starting where the last reading stopped; a head is the oldest message of its queue and priority. */
  private async oldestDue(): Promise<Date | null> {
    for (let steps = 0; steps < MOST_HEADS; steps++) {
      const head = await this.queues.headAfter(this.place.queue, this.place.weight);
      if (!head) {
        const round = this.oldest.sofar;
        this.oldest = { sofar: null, lastRound: round };
        this.place = { queue: '', weight: -1 };
        return round;
      }
      this.place = { queue: head.queue, weight: head.priority_weight };
      const due = head.schedule_at && head.schedule_at > head.created_at ? head.schedule_at : head.created_at;
      this.oldest.sofar = earlier(this.oldest.sofar, due);
    }
    return earlier(this.oldest.sofar, this.oldest.lastRound);
  }
}

function earlier(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a < b ? a : b) : (a ?? b);
}
