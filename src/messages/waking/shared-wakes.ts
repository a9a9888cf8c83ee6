import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../common/clock.js';
import { WakeBus, type Hearer } from './wake-bus.js';
import type { WakeDoc, WakesRepository } from './wakes.repository.js';

const POLL_MILLIS = 250;
/** At most one write in this time, however many messages are accepted. */
const GATHER_MILLIS = 50;
/** How far back each query reads, because the gateways' clocks differ and a write takes time. A wake that was seen before is ignored. */
const OVERLAP_MILLIS = 2500;
const WATCH_AGAIN_MILLIS = 60_000;

type EndStream = () => Promise<void>;

/**
 * Sends wakes through a collection. Gateways receive them in one of two ways:
 * - by a change stream, if the server supports it: a few milliseconds after the write;
 * - otherwise by polling every 250 ms, with one query for the whole gateway, and only while a phone waits.
 */
export class SharedWakes extends WakeBus {
  private readonly logger = new Logger('WakeBus');
  private readonly self = randomUUID();
  private readonly closing = new AbortController();
  private hearer: Hearer | undefined;
  private told = new Set<string>();
  private writing = Promise.resolve();
  private isWriting = false;
  private looking = Promise.resolve();
  private isLooking = false;
  private seen = new Set<string>();
  private stream: Promise<EndStream | undefined> | undefined;
  private isStreaming = false;
  private watchAgainAt = 0;
  private isDown = false;

  constructor(
    private readonly wakes: WakesRepository,
    private readonly clock: Clock,
  ) {
    super();
  }

  connect(hearer: Hearer): void {
    this.hearer = hearer;
  }

  tell(queue: string): void {
    if (this.closing.signal.aborted) return;
    this.told.add(queue);
    if (!this.isWriting) this.writing = this.write();
  }

  listen(): void {
    if (this.closing.signal.aborted || this.isStreaming) return;
    if (!this.isLooking) this.looking = this.lookAgainAndAgain();
    if (this.stream || performance.now() < this.watchAgainAt) return;
    this.watchAgainAt = performance.now() + WATCH_AGAIN_MILLIS;
    this.stream = this.watch();
  }

  async close(): Promise<void> {
    this.closing.abort();
    const endStream = await this.stream;
    await Promise.all([endStream?.(), this.writing, this.looking]);
  }

  private async write(): Promise<void> {
    this.isWriting = true;
    // Let the answer to the client go first.
    await nextTurn();
    while (this.told.size > 0) {
      const queues = [...this.told];
      this.told.clear();
      const wake = { _id: randomUUID(), gateway: this.self, queues, at: this.clock.now() };
      await Promise.all([this.trying(() => this.wakes.insert(wake)), this.pause(GATHER_MILLIS)]);
    }
    this.isWriting = false;
  }

  private async lookAgainAndAgain(): Promise<void> {
    this.isLooking = true;
    while (this.hearer?.isAnybodyWaiting && !this.isStreaming && !this.closing.signal.aborted) {
      await this.pause(POLL_MILLIS);
      if (this.hearer.isAnybodyWaiting && !this.isStreaming) await this.trying(() => this.look());
    }
    this.isLooking = false;
  }

  private async look(): Promise<void> {
    const since = new Date(this.clock.now().getTime() - OVERLAP_MILLIS);
    const found = await this.wakes.toldBySomebodyElse(this.self, since);
    for (const wake of found) if (!this.seen.has(wake._id)) this.hear(wake);
    this.seen = new Set(found.map(({ _id }) => _id));
  }

  private async watch(): Promise<EndStream | undefined> {
    let isBroken = false;
    const ended = (error: Error): void => {
      isBroken = true;
      this.isStreaming = false;
      this.stream = undefined;
      this.logger.warn({ err: error }, 'the change stream ended; wakes are polled until it is back');
      if (this.hearer?.isAnybodyWaiting) this.listen();
    };
    try {
      const endStream = await this.wakes.watch((wake) => this.hear(wake), ended);
      // Read the wakes that came after the last query and before the stream was open.
      await this.trying(() => this.look());
      this.isStreaming = !isBroken;
      return endStream;
    } catch (error) {
      this.stream = undefined;
      this.logger.debug(`this database has no change streams, so wakes are polled: ${(error as Error).message}`);
      return undefined;
    }
  }

  private hear({ gateway, queues }: WakeDoc): void {
    if (gateway !== this.self) for (const queue of queues) this.hearer?.wakeHere(queue);
  }

  /** Logs a store that doesn't answer only once. */
  private async trying(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.isDown = false;
    } catch (error) {
      if (!this.isDown) this.logger.warn({ err: error }, 'wakes of other gateways are not received for now');
      this.isDown = true;
    }
  }

  /** Ends early when the gateway stops. */
  private pause(millis: number): Promise<void> {
    return sleep(millis, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}
