import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AgentClaims } from '../../src/agents/agent-claims.js';
import { AgentDirectory } from '../../src/agents/agent-directory.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { seededRandom } from '../fakes/seeded-random.js';
import type { SmsgateApp } from '../fakes/smsgate-app/app.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { AppPhones, callsOf, sentTwice } from '../support/smsgate.js';
import { waitFor } from '../support/wait-for.js';

const SOON = { timeout: 20_000, interval: 10 };
const LEASE = 300;
const TTL = 3600;
const MINUTE = 60;

/** Whatever breaks, a text goes out once by phones that keep the app's rules, and every message ends. */
describe('a phone with the SMSGate app and a gateway that fail one another', () => {
  let gateway: TestGateway;
  let phones: AppPhones;
  beforeEach(async () => {
    const lives = { LEASE_SECONDS: String(LEASE), MESSAGE_TTL_HOURS: '1' };
    gateway = await TestGateway.start(AppPhones.env(lives));
    phones = await AppPhones.at(gateway);
  });
  afterEach(async () => {
    // Calls that are cut off leave the gateway at work.
    await phones.idle();
    await phones.stop();
    await gateway.stop();
  });

  const stored = (app: SmsgateApp, count: number) => waitFor(() => expect(app.memory.messages.size).toBe(count), SOON);
  const passes = async (seconds: number) => {
    gateway.clock.advance(seconds);
    await gateway.get(QueueWorker).run();
  };
  const cancel = async (id: string) => must(200, await phones.client.post(`/messages/${id}/cancel`));
  const expectSentOnce = (apps: readonly SmsgateApp[], ids: readonly string[]) => {
    expect(sentTwice(apps)).toEqual([]);
    const sent = apps.flatMap((app) => app.sentTexts.map(({ id }) => id.replace(/-\d+$/, '')));
    expect(sent.sort()).toEqual([...ids].sort());
  };

  it('lose answers of every kind', async () => {
    const app = await phones.join('lost');
    app.server.dropAnswers(30);
    const ids = await phones.send('lost', 40);
    await phones.reached('DELIVERED', ids);
    expect(app.server.answersToLose).toBe(0);
    expectSentOnce([app], ids);
  });

  it('lose the app between a pull and its reports', async () => {
    const app = await phones.join('restarted', { latency: [5, 20], retryMillis: 50 });
    const ids = await phones.send('restarted', 40);
    for (const least of [5, 20, 35]) {
      await waitFor(() => expect(app.sentTexts.length).toBeGreaterThan(least), SOON);
      await app.restart();
    }
    await phones.reached('DELIVERED', ids);
    expectSentOnce([app], ids);
  });

  it('lose the app before it has stored what it was given', async () => {
    const app = await phones.join('died');
    app.server.slow = { kind: /GET .message/, millis: 60_000 };
    const ids = await phones.send('died', 5);
    await waitFor(async () => expect((await phones.message(ids[4]!)).status).toBe('ASSIGNED'), SOON);
    await app.restart();
    app.server.slow = null;
    // Nothing tells it of what it holds; when the lease has run out, it is told again.
    await passes(LEASE + 1);
    await phones.reached('DELIVERED', ids);
    expectSentOnce([app], ids);
  });

  it('lose a pull for the next, which may have served what the one before leased: it stays with the phone', async () => {
    const app = await phones.join('hasty');
    phones.isUp = false;
    app.stream!.cut();
    const ids = await phones.send('hasty', 3);
    const agent = (await gateway.get(AgentDirectory).byId(app.id))!;
    const phone = { kind: 'agent', id: app.id, tenant: agent.tenant_id, agent } as const;
    await gateway.get(AgentClaims).next(phone, 3, 0, AbortSignal.abort());
    expect(await phones.message(ids[0]!)).toMatchObject({ status: 'ASSIGNED', lease: { ended_at: null } });
    phones.isUp = true;
    app.poll();
    await phones.reached('DELIVERED', ids);
    expectSentOnce([app], ids);
  });

  it('lose streams again and again', async () => {
    const app = await phones.join('streams');
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) {
      ids.push(...(await phones.send('streams', 3, { metadata: { i }, ...codes(i, 3) })));
      app.stream?.cut();
    }
    await phones.reached('DELIVERED', ids);
    expectSentOnce([app], ids);
  });

  it('lose a stream without a word: the phone finds what waits when it looks by itself', async () => {
    const app = await phones.join('half-open');
    await waitFor(() => expect(app.stream?.isOpen).toBe(true), SOON);
    app.stream!.stall();
    const ids = await phones.send('half-open', 3);
    app.poll();
    await phones.reached('DELIVERED', ids);
    expectSentOnce([app], ids);
  });

  it('lose the gateway in the middle, again and again', async () => {
    const apps = [await phones.join('killed', { latency: [2, 20] }), await phones.join('killed', { latency: [2, 20] })];
    const random = seededRandom(5);
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      ids.push(...(await phones.send('killed', 30, codes(i, 30))));
      const enough = apps.flatMap((app) => app.sentTexts).length + Math.floor(random() * 20);
      await waitFor(() => expect(apps.flatMap((app) => app.sentTexts).length).toBeGreaterThanOrEqual(enough), SOON);
      phones.isUp = false;
      await gateway.restart();
      await apps[i % 2]!.restart();
      phones.isUp = true;
    }
    await passes(LEASE + 1);
    await phones.reached('DELIVERED', ids);
    expectSentOnce(apps, ids);
  });

  describe('for longer than', () => {
    /** The text goes out, and nobody hears of it. */
    const sendUnheard = async (app: SmsgateApp, group: string) => {
      app.holdRadio();
      const [id] = await phones.send(group);
      await stored(app, 1);
      phones.isUp = false;
      app.stream!.cut();
      app.releaseRadio();
      await waitFor(() => expect(app.memory.messages.get(id!)!.state).toBe('Delivered'), SOON);
      return id!;
    };

    it('a lease: no other phone gets what one may have sent', async () => {
      const app = await phones.join('away');
      const id = await sendUnheard(app, 'away');
      await passes(LEASE + 1);
      const other = await phones.join('away', { url: () => gateway.url });
      other.poll();
      await waitFor(() => expect(callsOf(other, 'GET /message')).toBeGreaterThan(0), SOON);
      await waitFor(() => expect(other.left).toBe(0), SOON);
      phones.isUp = true;
      await phones.reached('DELIVERED', [id]);
      expectSentOnce([app, other], [id]);
    });

    it('a message’s life: it counts as unconfirmed, so that nothing takes its place, and what is told at last is kept', async () => {
      const app = await phones.join('dead');
      const id = await sendUnheard(app, 'dead');
      await passes(TTL + 1);
      expect((await phones.message(id)).status).toBe('SENDING');
      await passes(11 * MINUTE);
      expect(await phones.message(id)).toMatchObject({ status: 'FAILED', last_error: 'UNCONFIRMED' });
      phones.isUp = true;
      await waitFor(
        async () => expect((await phones.message(id)).delivery).toMatchObject({ outcome: 'delivered' }),
        SOON,
      );
      expectSentOnce([app], [id]);
    });

    it('a lease, when a message is taken back: it is not canceled before the phone says so', async () => {
      const app = await phones.join('lapsed');
      const sent = await sendUnheard(app, 'lapsed');
      await passes(LEASE + 1);
      expect((await cancel(sent)).status).toBe('ASSIGNED');
      phones.isUp = true;
      await phones.reached('DELIVERED', [sent]);
      expectSentOnce([app], [sent]);
    });
  });

  it('take a message back that the phone still has, after its lease has run out', async () => {
    const app = await phones.join('recalled');
    app.holdRadio();
    const [id] = await phones.send('recalled');
    await stored(app, 1);
    phones.isUp = false;
    app.stream!.cut();
    await passes(LEASE + 1);
    expect((await cancel(id!)).status).toBe('ASSIGNED');
    phones.isUp = true;
    await phones.reached('CANCELED', [id!]);
    expect(app.sentTexts).toEqual([]);
  });
});

/** Other texts than the last time. */
function codes(turn: number, count: number) {
  return {
    messages: Array.from({ length: count }, (_, i) => ({
      to: `+8490${2_000_000 + turn * 1000 + i}`,
      variables: { CODE: '1' },
    })),
  };
}
