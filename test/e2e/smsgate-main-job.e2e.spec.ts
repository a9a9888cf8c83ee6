import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { AppPhones, sentTwice } from '../support/smsgate.js';
import { waitFor } from '../support/wait-for.js';

const SECRET = 'a-long-secret-of-this-shop';
const SOON = { timeout: 10_000, interval: 10 };

/** From a client's request to the app's radio and back, by nothing but what the gateway tells the app. */
describe('the main job by a phone with the SMSGate app', () => {
  let gateway: TestGateway;
  let phones: AppPhones;
  beforeAll(async () => {
    gateway = await TestGateway.start(AppPhones.env());
    phones = await AppPhones.at(gateway);
    must(200, await phones.admin.put('/admin/agent/registration-secret', { registration_secret: SECRET }));
  });
  afterEach(() => phones.stop());
  afterAll(() => gateway.stop());

  it('takes a text to the radio and brings it back delivered', async () => {
    const app = await phones.join('one');
    const [id] = await phones.send('one');
    await phones.reached('DELIVERED', [id!]);
    expect(app.sentTexts).toMatchObject([{ id, to: '+84901000000', text: 'Ma OTP one' }]);
    const { history, attempts, agent_id } = await phones.message(id!);
    expect({ attempts, agent_id }).toEqual({ attempts: 1, agent_id: app.id });
    const moves = history.map((entry: { event: string; to?: string }) => entry.to ?? entry.event);
    // A report may come after the next one, and then adds nothing.
    expect(moves.slice(0, 2)).toEqual(['accepted', 'ASSIGNED']);
    expect(moves.at(-1)).toBe('DELIVERED');
  });

  it('takes what waited before the phone was there', async () => {
    const ids = await phones.send('before', 3, { allow_empty_route: true });
    const app = await phones.join('before');
    await phones.reached('DELIVERED', ids);
    expect(app.sentTexts).toHaveLength(3);
  });

  it('takes 200 messages, each once, whatever the order of the reports', async () => {
    const app = await phones.join('many', { seed: 11 });
    const ids = await phones.send('many', 200);
    await phones.reached('DELIVERED', ids);
    expect(app.sentTexts.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(sentTwice([app])).toEqual([]);
  });

  it('sends the urgent first', async () => {
    const app = await phones.join('urgent', { order: 'fifo' });
    app.holdRadio();
    const low = await phones.send('urgent', 2, { priority: 'LOW' });
    await waitFor(() => expect(app.memory.messages.size).toBe(2), SOON);
    const high = await phones.send('urgent', 2, { priority: 'HIGH', messages: [40, 41].map(to) });
    await waitFor(() => expect(app.memory.messages.size).toBe(4), SOON);
    app.releaseRadio();
    await phones.reached('DELIVERED', [...low, ...high]);
    expect(
      app.sentTexts
        .map(({ id }) => id)
        .slice(0, 2)
        .sort(),
    ).toEqual([...high].sort());
  });

  it('sends by the SIM that was asked for', async () => {
    const app = await phones.join('sims', { sims: [{ slotIndex: 0 }, { slotIndex: 1, carrierName: 'Viettel' }] });
    const ids = [0, 1].map(async (sim_slot) => {
      const [id] = await phones.send('sims', 1, {
        route: undefined,
        agent_id: app.id,
        sim_slot,
        messages: [to(sim_slot)],
      });
      return id!;
    });
    await phones.reached('DELIVERED', await Promise.all(ids));
    expect(app.sentTexts.map(({ to, simNumber }) => [to, simNumber]).sort()).toEqual([
      ['+84901000000', 1],
      ['+84901000001', 2],
    ]);
  });

  it('spreads over a group of two, and none of its texts goes out by both', async () => {
    const two = [await phones.join('pair'), await phones.join('pair')];
    const ids = [...(await phones.send('pair', 120)), ...(await phones.send('pair', 60, { messages: range(200, 60) }))];
    await phones.reached('DELIVERED', ids);
    expect(two.flatMap((app) => app.sentTexts)).toHaveLength(180);
    expect(sentTwice(two)).toEqual([]);
  });

  it('tells why the network refused a text, and that one was not delivered', async () => {
    const outcome = ({ phoneNumber }: { phoneNumber: string }) =>
      phoneNumber.endsWith('0') ? { error: 'RESULT_ERROR_NO_SERVICE' } : 'Sent';
    await phones.join('refused', { outcome: outcome as never });
    const [refused, sent] = await phones.send('refused', 2);
    await phones.reached('FAILED', [refused!]);
    await phones.reached('SENT', [sent!]);
    expect((await phones.message(refused!)).last_error).toBe('RESULT_ERROR_NO_SERVICE');
  });

  it('brings an answer in, once, also when the gateway’s word for it was lost', async () => {
    const app = await phones.join('answers', { sims: [{ slotIndex: 0 }, { slotIndex: 1 }] });
    await waitFor(
      () => expect([app.memory.webhooks.length, app.memory.settings]).toEqual([2, expect.any(Object)]),
      SOON,
    );
    app.server.dropAnswers(2, /received/);
    app.receive('+84901000007', "Vâng ạ, 1 < 2 & 3 > 2 = 'đúng'", 2);
    app.ping(66);
    await phones.idle();
    const { items } = must(200, await phones.admin.get(`/inbound-messages?agent_id=${app.id}`));
    expect(app.server.answersToLose).toBe(0);
    expect(items).toMatchObject([{ from: '+84901000007', text: "Vâng ạ, 1 < 2 & 3 > 2 = 'đúng'", sim_slot: 1 }]);
    expect(must(200, await phones.admin.get(`/admin/agents/${app.id}`)).battery_level).toBe(66);
  });

  describe('with a phone that was unregistered', () => {
    const unregister = async (id: string) => must(200, await phones.admin.post(`/admin/agents/${id}/unregister`));

    it('comes back at its next start by the private token, as another', async () => {
      const app = await phones.start({ ticket: { privateToken: SECRET } });
      const before = app.id;
      const { stream } = app;
      await unregister(before);
      await stream!.closed;
      await app.restart();
      await waitFor(() => expect(app.id).not.toBe(before), SOON);
      must(200, await phones.admin.patch(`/admin/agents/${app.id}`, { groups: ['back'] }));
      await phones.reached('DELIVERED', await phones.send('back', 2));
    });

    it('stays away when it had joined by a code', async () => {
      const app = await phones.join('away');
      const before = app.id;
      await unregister(before);
      await app.restart();
      await waitFor(() => expect(app.server.calls).toContain('PATCH /device'), SOON);
      app.poll();
      await waitFor(
        () => expect(app.server.calls.filter((call) => call === 'GET /message').length).toBeGreaterThan(2),
        SOON,
      );
      expect([app.id, app.sentTexts]).toEqual([before, []]);
    });
  });

  it('serves an app with Google’s services, from the start after it has its settings', async () => {
    const app = await phones.join('google', { pushToken: 'fcm-token' });
    expect(app.stream).toBeUndefined();
    app.fetchAll();
    await waitFor(
      () => expect(app.memory.settings).toMatchObject({ gateway: { notification_channel: 'SSE_ONLY' } }),
      SOON,
    );
    await app.restart();
    await phones.reached('DELIVERED', await phones.send('google'));
  });
});

function to(place: number) {
  return { to: `+8490${1_000_000 + place}`, variables: { CODE: 'x' } };
}
function range(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => to(from + i));
}
