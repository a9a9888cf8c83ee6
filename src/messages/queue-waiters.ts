import { Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { pause } from '../common/pause.js';
import { WakeBus, type Hearer } from './waking/wake-bus.js';

const OF_CARRIER = /^[^:]+:carrier:/;

/** Phones that wait for work. Nothing is handed over here: a woken phone claims like any other. */
@Injectable()
export class QueueWaiters implements Hearer, OnModuleDestroy, OnApplicationShutdown {
  private readonly waiting = new Map<string, Set<() => void>>();
  private open = true;

  constructor(private readonly bus: WakeBus) {
    bus.connect(this);
  }

  /** Begins to listen; a wake between this call and `until` is not lost. */
  listen(queues: readonly string[]): Waiter {
    let wake = (): void => undefined;
    const woken = new Promise<void>((resolve) => (wake = resolve));
    if (!this.open) wake();
    for (const queue of queues) {
      const waiters = this.waiting.get(queue) ?? new Set();
      waiters.add(wake);
      this.waiting.set(queue, waiters);
    }
    this.bus.listen();
    return new Waiter(woken, () => {
      for (const queue of queues) {
        const waiters = this.waiting.get(queue);
        waiters?.delete(wake);
        if (waiters?.size === 0) this.waiting.delete(queue);
      }
    });
  }

  /** Something came into the queue: wakes who waits for it, whichever gateway they wait at. */
  wake(queue: string): void {
    this.wakeHere(queue);
    this.bus.tell(queue);
  }

  wakeHere(queue: string): void {
    for (const wake of this.waiting.get(queue) ?? []) wake();
  }

  wakeAll(): void {
    for (const waiters of this.waiting.values()) for (const wake of waiters) wake();
  }

  /** Answers everybody and lets nobody wait any more: the gateway stops. */
  close(): void {
    this.open = false;
    this.wakeAll();
  }

  onModuleDestroy(): void {
    this.close();
  }

  /** Requests that still ran could wake others. */
  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
  }

  get isAnybodyWaiting(): boolean {
    return this.waiting.size > 0;
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** How many phones wait, for tests. Dispatchers wait as well, for the queues of carriers. */
  get phones(): number {
    const ofPhones = [...this.waiting].filter(([queue]) => !OF_CARRIER.test(queue));
    return new Set(ofPhones.flatMap(([, waiters]) => [...waiters])).size;
  }
}

export class Waiter {
  constructor(
    private readonly woken: Promise<void>,
    private readonly leave: () => void,
  ) {}

  /** Until something arrived, the time is over, or the phone has gone. */
  async until(millis: number, gone: AbortSignal): Promise<void> {
    const over = new AbortController();
    const ends = (): void => over.abort();
    gone.addEventListener('abort', ends);
    if (!gone.aborted) await Promise.race([this.woken, pause(millis, over.signal)]);
    // It leaves no listener at a phone that stays for days.
    gone.removeEventListener('abort', ends);
    over.abort();
  }

  end(): void {
    this.leave();
  }
}
