import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { InboundHandlers } from '../../src/inbound/inbound-handlers.js';
import type { InboundDoc } from '../../src/inbound/inbound-message.js';
import type { SessionDoc } from '../../src/proxy/session.js';
import { HookSessions } from '../../src/proxy/unknown/hook-sessions.js';
import type { UnknownTextDoc } from '../../src/proxy/unknown/unknown-text.js';
import { UnknownTextsWorker } from '../../src/proxy/unknown/unknown-texts.worker.js';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { HookServer, type HookReply } from '../support/hook-server.js';
import { newPerson, openPool, PhonePool, SAFE_RIDE, tenantOf } from '../support/masked.js';
import { must } from '../support/people.js';
import { openTenantShop } from '../support/tenant-shop.js';

const [TN, OTHER_TN] = ['+84906000001', '+84906000002'];
const NO_SESSION = '[SAFE RIDE]: No ride is on.';

/** A pool with the SIMs of two phones; whoever writes first decides nothing, the shop's program does. */
describe('a text from a stranger to a number of the pool', () => {
  let gateway: TestGateway;
  let admin: Api;
  let hook: HookServer;
  let pool: PhonePool;
  let other: PhonePool;
  let secret: string;
  let stranger: string;
  let driver: string;

  beforeAll(async () => {
    gateway = await TestGateway.start(SAFE_RIDE);
    hook = await new HookServer().start();
    admin = await gateway.admin();
    pool = await openPool(gateway);
    other = await openPool(gateway);
    await pool.add(TN);
    await other.add(OTHER_TN);
    const settings = { on_unknown: 'webhook', on_unknown_url: hook.url };
    secret = must(200, await admin.put('/admin/settings', settings)).on_unknown_secret;
  });
  beforeEach(() => {
    gateway.clock.advance(1);
    hook.calls.length = 0;
    hook.answers = () => ({ status: 200, body: { participants: [{ address: driver, name: 'Minh' }] } });
    [stranger, driver] = [1, 2].map(newPerson) as [string, string];
  });
  afterAll(async () => {
    await gateway.stop();
    await hook.stop();
  });

  const worker = () => gateway.get(UnknownTextsWorker);
  /** Every hook has been asked that is to be asked by now. */
  const asked = async () => {
    await worker().run();
    await worker().settled();
  };
  const askedIn = async (seconds: number) => {
    gateway.clock.advance(seconds);
    await asked();
  };
  const waiting = () => gateway.store.collection<UnknownTextDoc>('unknown_texts').find({});
  const sessionsOf = (address: string) =>
    gateway.store.collection<SessionDoc>('proxy_sessions').find({ 'participants.address': address });
  const sends = async () => [...(await pool.sends()), ...(await other.sends())];

  it('asks the shop’s hook, which opens a session on the very number, and is relayed in it', async () => {
    hook.answers = () => ({
      status: 200,
      body: { participants: [{ address: driver }], friendly_name: 'Ride 7', expiry_minutes: 30, more: 'ignored' },
    });
    const [id] = await other.hear(stranger, 'Is anybody there? 👋');
    await asked();
    expect(await sends()).toEqual([{ to: driver, text: 'Is anybody there? 👋' }]);
    const [session] = await sessionsOf(stranger);
    expect(session).toMatchObject({
      state: 'open',
      friendly_name: 'Ride 7',
      expires_at: new Date(gateway.clock.now().getTime() + 30 * 60_000),
      participants: [
        { address: stranger, tn: OTHER_TN },
        { address: driver, tn: expect.any(String) },
      ],
    });
    expect(session).not.toHaveProperty('opening_until');
    expect(hook.calls.map(({ body }) => body)).toEqual([
      {
        event: 'inbound.unknown',
        id,
        tenant: 'default',
        from: stranger,
        to: OTHER_TN,
        channel: 'sms',
        text: 'Is anybody there? 👋',
        received_at: expect.stringMatching(/^2\d{3}-.*Z$/),
      },
    ]);
    await other.hear(stranger, 'Hello again');
    await asked();
    expect(hook.calls).toHaveLength(1);
    expect(await sends()).toEqual([{ to: driver, text: 'Hello again' }]);
    expect(await waiting()).toEqual([]);
    const received = gateway.store.collection<InboundDoc>('inbound_messages');
    expect(await received.find({ from: stranger, masked_text: true })).toHaveLength(2);
    const { items } = must(200, await admin.get('/admin/audit-logs?action=OPEN_SESSION'));
    expect(items[0]).toMatchObject({ actor_type: 'SYSTEM', data: { session_id: session!._id, inbound_id: id } });
  });

  it('always begins on the number that was written to, whatever number is nearer or was had before', async () => {
    for (const own of [pool, other, pool, other]) {
      await own.hear(stranger, 'Hello');
      await asked();
      const [session] = (await sessionsOf(stranger)).filter(({ state }) => state === 'open');
      expect(session!.participants[0]!.tn).toBe(own === pool ? TN : OTHER_TN);
      await pool.sessions.close(pool.tenant, session!._id);
      await sends();
    }
  });

  it('is signed as Standard Webhooks has it', async () => {
    const [id] = await pool.hear(stranger, 'Hello');
    await asked();
    const [{ headers, raw }] = hook.calls as [(typeof hook.calls)[0]];
    const at = new Date(Number(headers['webhook-timestamp']) * 1000);
    expect(Math.abs(at.getTime() - gateway.clock.now().getTime())).toBeLessThan(2000);
    expect(headers).toMatchObject({ 'webhook-id': id, 'content-type': 'application/json' });
    expect(headers['webhook-signature']).toBe(new Webhook(secret).sign(id!, at, raw));
    await sends();
  });

  it.each<[string, HookReply]>([
    ['204', { status: 204 }],
    ['{}', { status: 200, body: {} }],
    ['no participants', { status: 200, body: { participants: null } }],
  ])('is answered with the text for that where the hook wants no session: %s', async (_, reply) => {
    hook.answers = () => reply;
    const [id] = await pool.hear(stranger, 'Hello');
    await asked();
    expect(await sends()).toEqual([{ to: stranger, text: NO_SESSION }]);
    const [doc] = await gateway.store.collection<InboundDoc>('inbound_messages').find({ _id: id! });
    await gateway.get(InboundHandlers).handle(doc!);
    await asked();
    expect(await sends()).toEqual([]);
    expect(await sessionsOf(stranger)).toEqual([]);
    expect(await waiting()).toEqual([]);
  });

  it.each<[string, () => HookReply]>([
    ['a status that is no success', () => ({ status: 500, body: { participants: [{ address: driver }] } })],
    ['a redirect, which isn’t followed', () => ({ status: 302, headers: { location: hook.url } })],
    ['what is no JSON', () => ({ status: 200, body: '{"participants":' })],
    ['what is no object', () => ({ status: 200, body: [] })],
    ['nobody', () => ({ status: 200, body: { participants: [] } })],
    ['the writer alone', () => ({ status: 200, body: { participants: [{ address: stranger }] } })],
    ['no number', () => ({ status: 200, body: { participants: [{ address: 'Minh' }] } })],
    ['a number of the pool', () => ({ status: 200, body: { participants: [{ address: TN }] } })],
    ['too much', () => ({ status: 200, body: { participants: [{ address: driver }], more: 'x'.repeat(70_000) } })],
  ])('asks again, with longer and longer pauses, where the hook answers with %s', async (_, reply) => {
    hook.answers = reply;
    await pool.hear(stranger, 'Hello');
    await asked();
    for (const pause of [5, 10, 20, 40]) {
      const before = hook.calls.length;
      await askedIn(pause - 1);
      expect(hook.calls).toHaveLength(before);
      expect(await sends()).toEqual([]);
      await askedIn(1);
      expect(hook.calls).toHaveLength(before + 1);
    }
    expect(new Set(hook.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await sends()).toEqual([{ to: stranger, text: NO_SESSION }]);
    await askedIn(600);
    expect(hook.calls).toHaveLength(5);
    expect([await waiting(), await sends(), await sessionsOf(stranger)]).toEqual([[], [], []]);
  });

  it('is relayed when the hook answers after all; what was written meanwhile follows in its order', async () => {
    hook.answers = () => ({ status: 503 });
    await pool.hear(stranger, 'one');
    await asked();
    await pool.hear(stranger, 'two');
    await asked();
    expect(hook.calls.map(({ body }) => body['text'])).toEqual(['one']);
    hook.answers = () => ({ status: 200, body: { participants: [{ address: driver }, { address: stranger }] } });
    await askedIn(5);
    await askedIn(5);
    expect(hook.calls.map(({ body }) => body['text'])).toEqual(['one', 'one']);
    expect((await sends()).map(({ text }) => text)).toEqual(['one', 'two']);
    expect(await sessionsOf(stranger)).toHaveLength(1);
  });

  it('of one shop waits for that shop’s hook alone', async () => {
    const shop = await openTenantShop(gateway, 'market');
    const market = new PhonePool(gateway, await tenantOf(gateway, 'market'), shop.phone);
    await market.add('+84906000003');
    const fast = await new HookServer().start();
    fast.answers = () => ({ status: 200, body: { participants: [{ address: driver }] } });
    must(200, await shop.admin.put('/admin/settings', { on_unknown: 'webhook', on_unknown_url: fast.url }));
    let answer = (_: HookReply): void => undefined;
    hook.answers = () => new Promise((resolve) => (answer = resolve));
    await pool.hear(stranger, 'slow');
    await worker().run();
    await pool.open([newPerson(), driver]);
    await market.hear(stranger, 'fast');
    let sent: { to: string; text: string }[] = [];
    while (sent.length === 0) {
      await worker().run();
      sent = await market.sends();
    }
    expect(sent).toEqual([{ to: driver, text: 'fast' }]);
    // Other texts of the same shop aren't held up either.
    const person = (await pool.sessions.ofAddress(pool.tenant, driver))[0]!.participants[0]!.address;
    await (await ownerOf(person)).hear(person, 'between us');
    expect(await sends()).toEqual([{ to: driver, text: 'between us' }]);
    expect(hook.calls).toHaveLength(1);
    answer({ status: 204 });
    await asked();
    expect(await sends()).toEqual([{ to: stranger, text: NO_SESSION }]);
    await fast.stop();
  });

  it('is answered where the hook says nothing for three seconds', async () => {
    hook.answers = () => new Promise(() => undefined);
    await pool.hear(stranger, 'Hello');
    await asked();
    expect(await waiting()).toMatchObject([{ tries: 1 }]);
    hook.answers = () => ({ status: 204 });
    await askedIn(5);
    expect(await sends()).toEqual([{ to: stranger, text: NO_SESSION }]);
  });

  it('opens no second session where the gateway died after it had opened one', async () => {
    const hooks = gateway.get(HookSessions);
    const open = hooks.open.bind(hooks);
    const dying = jest.spyOn(hooks, 'open');
    dying.mockImplementationOnce(async (...given) => {
      await open(...given);
      throw new Error('died');
    });
    await pool.hear(stranger, 'Hello');
    await asked();
    expect([await sends(), await sessionsOf(stranger)]).toMatchObject([[], [{ state: 'open' }]]);
    await askedIn(5);
    expect(await sends()).toEqual([{ to: driver, text: 'Hello' }]);
    // Nor where it was closed since.
    const [first] = await sessionsOf(stranger);
    await pool.sessions.close(pool.tenant, first!._id);
    dying.mockImplementationOnce(async (...given) => {
      await open(...given);
      throw new Error('died');
    });
    await pool.hear(stranger, 'Hello again');
    await asked();
    const second = (await sessionsOf(stranger)).find(({ state }) => state === 'open')!;
    await pool.sessions.close(pool.tenant, second._id);
    await askedIn(5);
    expect(await sends()).toEqual([{ to: stranger, text: NO_SESSION }]);
    expect(await sessionsOf(stranger)).toHaveLength(2);
    expect(hook.calls).toHaveLength(2);
    dying.mockRestore();
  });

  it('is answered where the pool has no number left for somebody', async () => {
    const busy = await Promise.all([pool, other].map(() => pool.open([driver, newPerson()])));
    await pool.hear(stranger, 'Hello');
    await asked();
    expect(await sends()).toEqual([{ to: stranger, text: NO_SESSION }]);
    expect(hook.calls).toHaveLength(1);
    for (const { _id } of busy) await pool.sessions.close(pool.tenant, _id);
  });

  it('asks nobody about STOP, short codes and our own numbers', async () => {
    await pool.hear(stranger, 'STOP');
    for (const from of ['Viettel', '1414', OTHER_TN]) await pool.hear(from, 'Hello');
    await asked();
    expect([hook.calls, await waiting()]).toEqual([[], []]);
    await sends();
  });

  it('that waits is answered once the shop has no hook any more', async () => {
    hook.answers = () => ({ status: 500 });
    await pool.hear(stranger, 'Hello');
    await asked();
    must(200, await admin.put('/admin/settings', { on_unknown: null }));
    await askedIn(5);
    expect(hook.calls).toHaveLength(1);
    expect(await sends()).toEqual([{ to: stranger, text: NO_SESSION }]);
    await pool.hear(driver, 'Hello');
    await asked();
    expect(hook.calls).toHaveLength(1);
    expect(await sends()).toEqual([{ to: driver, text: NO_SESSION }]);
  });

  async function ownerOf(person: string): Promise<PhonePool> {
    const [session] = await pool.sessions.ofAddress(pool.tenant, person);
    return session!.participants.find(({ address }) => address === person)!.tn === TN ? pool : other;
  }
});
