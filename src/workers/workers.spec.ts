import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../config/load-config.js';
import type { Turn, Work } from './worker.js';
import { Workers } from './workers.js';

const MONGO_URI = 'mongodb://localhost';

/** Work whose turns the test ends, or lets fail. */
function heldWork(extra: Partial<Work> = {}) {
  const held = { began: 0, running: 0, most: 0, end: (_failure?: Error): void => undefined, stopping: false };
  const work = async (stopping: AbortSignal): Promise<void> => {
    held.began++;
    held.most = Math.max(held.most, ++held.running);
    stopping.addEventListener('abort', () => (held.stopping = true));
    try {
      await new Promise<void>((resolve, reject) => {
        held.end = (failure) => (failure ? reject(failure) : resolve());
      });
    } finally {
      held.running--;
    }
  };
  return { held, work: { name: 'held', everyMillis: 1, work, ...extra } };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('workers', () => {
  let workers: Workers;
  const opened: Workers[] = [];
  const open = (env: Record<string, string> = {}) => {
    workers = new Workers(loadConfig(env));
    opened.push(workers);
    return workers;
  };

  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'error', 'warn']));
  afterEach(async () => void (await Promise.all(opened.map((one) => one.onModuleDestroy()))));

  it('take one turn after the other, never two at once', async () => {
    const { held, work } = heldWork();
    const worker = open().register(work);
    await workers.onApplicationBootstrap();
    await until(() => held.began === 1);
    worker.wake();
    const asked = worker.run();
    for (let turn = 1; turn <= 3; turn++) {
      await until(() => held.began === turn && held.running === 1);
      held.end();
    }
    await asked;
    await until(() => held.began === 4);
    expect(held.most).toBe(1);
    held.end();
  });

  it('go on after a turn that failed, which is told', async () => {
    const turns: Turn[] = [];
    const { held, work } = heldWork();
    open().register(work);
    workers.watch((turn) => turns.push(turn));
    await workers.onApplicationBootstrap();
    await until(() => held.began === 1);
    held.end(new Error('the store is away'));
    await until(() => held.began === 2);
    held.end();
    await until(() => turns.length === 2);
    expect(turns.map(({ worker, failed }) => [worker, failed])).toEqual([
      ['held', true],
      ['held', false],
    ]);
    await until(() => held.began === 3);
    held.end();
  });

  it('rest after a long turn', async () => {
    const ends: number[] = [];
    const begins: number[] = [];
    const long = async (): Promise<void> => {
      begins.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, 20));
      ends.push(performance.now());
    };
    open().register({ name: 'long', everyMillis: 1, rest: 4, work: long });
    await workers.onApplicationBootstrap();
    await until(() => begins.length === 2);
    expect(begins[1]! - ends[0]!).toBeGreaterThan(60);
  });

  it('are waited for when the gateway stops, told of it, and take no turn afterwards', async () => {
    const { held, work } = heldWork();
    const worker = open().register(work);
    await workers.onApplicationBootstrap();
    await until(() => held.began === 1);
    let isStopped = false;
    const stopped = workers.onModuleDestroy().then(() => (isStopped = true));
    await until(() => held.stopping);
    expect(isStopped).toBe(false);
    held.end();
    await stopped;
    worker.wake();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(held.began).toBe(1);
  });

  it('that have to come first come before the start is over, and come again when they failed', async () => {
    const outcomes: boolean[] = [];
    const first = { name: 'first', everyMillis: 1, atStart: true } as const;
    open().register({
      ...first,
      work: async () => {
        outcomes.push(outcomes.length > 0);
        if (outcomes.length === 1) throw new Error('the disk is full');
      },
    });
    await workers.onApplicationBootstrap();
    expect(outcomes[0]).toBe(false);
    await until(() => outcomes.length >= 2);
  });

  it('don’t run where only calls are taken, but for who runs one', async () => {
    let done = 0;
    const worker = open({ ROLE: 'api', MONGO_URI }).register({
      name: 'first',
      everyMillis: 1,
      atStart: true,
      work: () => Promise.resolve(void done++),
    });
    await workers.onApplicationBootstrap();
    worker.wake();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(done).toBe(0);
    await worker.run();
    expect(done).toBe(1);
  });

  it('run everywhere when they are about the process', async () => {
    let done = 0;
    open({ ROLE: 'api', MONGO_URI }).register({
      name: 'own',
      everyMillis: 60_000,
      atStart: true,
      inEachGateway: true,
      work: () => Promise.resolve(void done++),
    });
    await workers.onApplicationBootstrap();
    expect(done).toBe(1);
  });

  it('have names of their own', () => {
    const { work } = heldWork();
    open().register(work);
    expect(() => workers.register(work)).toThrow('two workers named held');
  });
});
