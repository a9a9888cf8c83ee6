import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '../../common/clock.js';
import { SharedWakes } from './shared-wakes.js';
import type { WakeDoc, WakesRepository } from './wakes.repository.js';

/** The collection, on a server that has change streams unless `refuses`. */
class FakeWakes {
  readonly docs: WakeDoc[] = [];
  looks = 0;
  streams = 0;
  refuses = false;
  private seen: (wake: WakeDoc) => void = () => undefined;
  break: (error: Error) => void = () => undefined;

  insert(wake: WakeDoc): Promise<void> {
    this.docs.push(wake);
    this.seen(wake);
    return Promise.resolve();
  }
  toldBySomebodyElse(self: string, since: Date): Promise<WakeDoc[]> {
    this.looks++;
    return Promise.resolve(this.docs.filter(({ gateway, at }) => gateway !== self && at >= since));
  }
  watch(seen: (wake: WakeDoc) => void, ended: (error: Error) => void): Promise<() => Promise<void>> {
    if (this.refuses) return Promise.reject(new Error('no change streams'));
    this.streams++;
    this.seen = seen;
    this.break = (error) => {
      this.seen = () => undefined;
      ended(error);
    };
    return Promise.resolve(() => Promise.resolve());
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('wakes between gateways', () => {
  let wakes: FakeWakes;
  let open: SharedWakes[];
  const heard: string[] = [];
  const waiters = { isAnybodyWaiting: true, wakeHere: (queue: string) => void heard.push(queue) };

  function gateway(): SharedWakes {
    const bus = new SharedWakes(wakes as unknown as WakesRepository, new Clock());
    open.push(bus);
    return bus;
  }
  function hearing(): SharedWakes {
    const bus = gateway();
    bus.connect(waiters);
    bus.listen();
    return bus;
  }

  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'error', 'warn']));
  beforeEach(() => {
    wakes = new FakeWakes();
    open = [];
    heard.length = 0;
    waiters.isAnybodyWaiting = true;
  });
  afterEach(() => Promise.all(open.map((bus) => bus.close())));

  it('come by the change stream, without a look', async () => {
    hearing();
    await until(() => wakes.streams === 1 && wakes.looks === 1);
    gateway().tell('ten:agent:a');
    await until(() => heard.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([heard, wakes.looks]).toEqual([['ten:agent:a'], 1]);
  });

  it('that were told before the stream was open are not lost', async () => {
    const other = gateway();
    other.tell('ten:agent:a');
    await other.close();
    hearing();
    await until(() => heard.length > 0);
    expect(heard).toEqual(['ten:agent:a']);
  });

  it('come by looks when the stream breaks off, and each once', async () => {
    hearing();
    await until(() => wakes.looks === 1);
    wakes.break(new Error('the primary stepped down'));
    const other = gateway();
    other.tell('ten:agent:a');
    await until(() => heard.length === 1);
    const looks = wakes.looks;
    await until(() => wakes.looks > looks + 1);
    expect(heard).toEqual(['ten:agent:a']);
  });

  it('come by looks where the server refuses to be watched, while somebody waits', async () => {
    wakes.refuses = true;
    const bus = hearing();
    gateway().tell('ten:agent:a');
    await until(() => heard.length === 1);
    waiters.isAnybodyWaiting = false;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const looks = wakes.looks;
    gateway().tell('ten:agent:b');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([heard, wakes.looks]).toEqual([['ten:agent:a'], looks]);
    waiters.isAnybodyWaiting = true;
    bus.listen();
    await until(() => heard.length === 2);
  });

  it('of one’s own are not heard again', async () => {
    const bus = hearing();
    bus.tell('ten:agent:a');
    gateway().tell('ten:agent:b');
    await until(() => heard.length > 0);
    expect(heard).toEqual(['ten:agent:b']);
  });

  it('are gathered, and written to the last when the gateway stops', async () => {
    const bus = gateway();
    for (const queue of ['a', 'b', 'a', 'c']) bus.tell(queue);
    await until(() => wakes.docs.length === 1);
    bus.tell('d');
    bus.tell('e');
    await bus.close();
    bus.tell('f');
    expect(wakes.docs.map(({ queues }) => queues)).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });
});
