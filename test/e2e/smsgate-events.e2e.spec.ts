import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { EventStream } from '../../src/surfaces/smsgate/event-stream.service.js';
import type { SmsgateApp } from '../fakes/smsgate-app/app.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { isoIn } from '../support/sending.js';
import { AppPhones, callsOf, sentTwice, toldOf } from '../support/smsgate.js';
import { waitFor } from '../support/wait-for.js';

const SOON = { timeout: 20_000, interval: 10 };
const LEASE = 300;
/** Node would wait a minute for a connection that is said to be busy. */
const STOP_MILLIS = 5000;
const KILOBYTE = 'x'.repeat(1000);
/** What the systems of both sides may keep of a stream that nobody reads. */
const KEPT_BY_SYSTEMS = 30_000;

describe('what a phone with the SMSGate app is told', () => {
  let gateway: TestGateway;
  let phones: AppPhones;
  beforeAll(async () => {
    gateway = await TestGateway.start(AppPhones.env({ LEASE_SECONDS: String(LEASE), ANTI_DUP_MINUTES: '0' }));
    phones = await AppPhones.at(gateway);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await phones.stop();
  });
  afterAll(() => gateway.stop());

  const told = (app: SmsgateApp, type: string, least: number) =>
    waitFor(() => expect(toldOf(app, type)).toBeGreaterThanOrEqual(least), SOON);
  const stored = (app: SmsgateApp, count: number) => waitFor(() => expect(app.memory.messages.size).toBe(count), SOON);
  const cancel = async (id: string) => must(200, await phones.client.post(`/messages/${id}/cancel`));
  const passes = async (seconds: number) => {
    gateway.clock.advance(seconds);
    await gateway.get(QueueWorker).run();
  };

  it('is its settings and webhooks, when it hasn’t fetched them as they are', async () => {
    const app = await phones.join('settings');
    await told(app, 'WebhooksUpdated', 1);
    expect(app.events.map(({ type }) => type)).toEqual(['SettingsUpdated', 'WebhooksUpdated']);
    expect(app.stream!.keepAlives).toBeGreaterThan(0);
    await waitFor(
      () => expect([app.memory.webhooks.length, app.memory.settings]).toEqual([2, expect.anything()]),
      SOON,
    );
    await app.restart();
    await waitFor(() => expect(app.stream!.isOpen).toBe(true), SOON);
    await phones.send('settings');
    await told(app, 'MessageEnqueued', 1);
    expect(app.events.map(({ type }) => type)).toEqual(['SettingsUpdated', 'WebhooksUpdated', 'MessageEnqueued']);
  });

  it('is a new message', async () => {
    const app = await phones.join('new');
    await told(app, 'WebhooksUpdated', 1);
    const ids = await phones.send('new');
    await told(app, 'MessageEnqueued', 1);
    await phones.reached('DELIVERED', ids);
    expect(app.sentTexts.map(({ id }) => id)).toEqual(ids);
  });

  it('is a message whose time has come', async () => {
    const app = await phones.join('scheduled');
    await told(app, 'WebhooksUpdated', 1);
    const ids = await phones.send('scheduled', 1, { schedule_at: isoIn(gateway, 3600) });
    expect(toldOf(app, 'MessageEnqueued')).toBe(0);
    await passes(3600);
    await phones.reached('DELIVERED', ids);
  });

  it('is a message whose lease has run out; what it did not send in time it sends under another id', async () => {
    const app = await phones.join('lease');
    app.holdRadio();
    const [id] = await phones.send('lease');
    await stored(app, 1);
    await passes(LEASE + 1);
    await told(app, 'MessageEnqueued', 2);
    app.releaseRadio();
    await phones.reached('DELIVERED', [id!]);
    expect(app.sentTexts.map((text) => text.id)).toEqual([`${id}-1`]);
  });

  it('is what happened while its stream was cut', async () => {
    const app = await phones.join('cut');
    app.holdRadio();
    const [id] = await phones.send('cut');
    await stored(app, 1);
    phones.isUp = false;
    app.stream!.cut();
    await app.stream!.closed;
    await cancel(id!);
    const others = await phones.send('cut', 2);
    phones.isUp = true;
    await phones.reached('CANCELED', [id!]);
    app.releaseRadio();
    await phones.reached('DELIVERED', others);
    expect(app.sentTexts).toHaveLength(2);
  });

  describe('of many messages', () => {
    it('is told a few times, and no pull is cut off', async () => {
      const app = await phones.join('joined');
      const sent = await Promise.all(Array.from({ length: 100 }, () => phones.send('joined')));
      await phones.reached('DELIVERED', sent.flat());
      expect(toldOf(app, 'MessageEnqueued')).toBeLessThan(25);
      expect([app.pullsLost, app.sentTexts.length]).toEqual([0, 100]);
    });

    it('comes no sooner than the answer of the pull before, also over a slow network', async () => {
      const app = await phones.join('slow');
      app.server.slow = { kind: /GET .message/, millis: 400 };
      const ids = await phones.send('slow', 130);
      await phones.reached('DELIVERED', ids);
      expect([app.pullsLost, app.sentTexts.length]).toEqual([0, 130]);
    });

    it('comes seldom while the phone’s pace is used up, but a recall comes at once', async () => {
      const app = await phones.join('paced');
      must(200, await phones.admin.patch(`/admin/agents/${app.id}`, { rate_limit_per_min: 2 }));
      app.holdRadio();
      await phones.send('paced', 30);
      await stored(app, 8);
      const held = [...app.memory.messages.keys()];
      expect(held).toHaveLength(8);
      for (const [i, id] of held.entries()) {
        await phones.send('paced');
        await cancel(id);
        await told(app, 'MessageCancelled', i + 1);
      }
      await phones.reached('CANCELED', held);
      expect(callsOf(app, 'GET /message')).toBeLessThan(5);
    });
  });

  it('is that a message is taken back, and it is canceled when it says so', async () => {
    const app = await phones.join('recall');
    app.holdRadio();
    const [id, other] = await phones.send('recall', 2);
    await stored(app, 2);
    expect((await cancel(id!)).status).toBe('ASSIGNED');
    await phones.reached('CANCELED', [id!]);
    expect(app.events.filter(({ type }) => type === 'MessageCancelled')).toEqual([
      { type: 'MessageCancelled', data: { messageId: id } },
    ]);
    app.releaseRadio();
    await phones.reached('DELIVERED', [other!]);
    expect(app.sentTexts.map((text) => text.id)).toEqual([other]);
  });

  it('is nothing more once it is unregistered', async () => {
    const app = await phones.join('gone');
    await waitFor(() => expect(app.stream?.isOpen).toBe(true), SOON);
    const { stream } = app;
    must(200, await phones.admin.post(`/admin/agents/${app.id}/unregister`));
    expect(await stream!.closed).toBe(200);
    await waitFor(() => expect(app.stream).not.toBe(stream), SOON);
    expect(await app.stream!.closed).toBe(401);
  });

  it('isn’t kept for a phone that reads nothing', async () => {
    let kilobytes = 0;
    jest.spyOn(gateway.get(EventStream), 'run').mockImplementation(async (_phone, _url, emit, gone) => {
      for (; !gone.aborted && kilobytes < KEPT_BY_SYSTEMS; kilobytes++) {
        emit({ type: 'MessageCancelled', data: { messageId: KILOBYTE } });
        await turn();
      }
    });
    const app = await phones.join('reads-nothing', { retryMillis: 60_000 });
    await waitFor(() => expect(app.stream?.isOpen).toBe(true), { timeout: 20_000, interval: 1 });
    app.stream!.stall();
    let last = -1;
    await waitFor(
      () => {
        const stands = last === kilobytes;
        last = kilobytes;
        expect(stands).toBe(true);
      },
      { timeout: 60_000, interval: 300 },
    );
    expect(kilobytes).toBeLessThan(KEPT_BY_SYSTEMS);
  });

  it('ends when the gateway stops, and goes on at the next one', async () => {
    const app = await phones.join('stops');
    await waitFor(() => expect(app.stream?.isOpen).toBe(true), SOON);
    const { stream } = app;
    const began = performance.now();
    const restarted = gateway.restart();
    await stream!.closed;
    expect(performance.now() - began).toBeLessThan(STOP_MILLIS);
    await restarted;
    await phones.reached('DELIVERED', await phones.send('stops', 3));
    expect(sentTwice([app])).toEqual([]);
  });
});
