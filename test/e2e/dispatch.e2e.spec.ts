import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SendOutcome } from '../../src/carriers/carrier.js';
import type { OpenAccount } from '../../src/carriers/open-account.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import { DispatchersWorker } from '../../src/dispatch/dispatchers.worker.js';
import { ReceiptPollWorker } from '../../src/dispatch/receipt-poll.worker.js';
import { Receipts } from '../../src/dispatch/receipts.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { QueueWaiters } from '../../src/messages/queue-waiters.js';
import { Dispatching, newTenant } from '../support/dispatching.js';
import { TestGateway } from '../support/gateway.js';
import { held, ScriptedAccounts, type ScriptedCarrier } from '../support/scripted-carrier.js';
import { must } from '../support/people.js';
import { readMetrics } from '../support/read-metrics.js';
import { waitFor } from '../support/wait-for.js';

const ACCEPTED: SendOutcome = { kind: 'accepted', ref: null, receipts: true };
const BUSY: SendOutcome = { kind: 'later', cause: 'load', code: '20429', reason: 'Too many calls.' };
const BROKEN: SendOutcome = { kind: 'later', cause: 'failure', code: 'ECONNREFUSED', reason: 'Nobody answers.' };
const UNKNOWN: SendOutcome = { kind: 'unknown', reason: 'no answer in time' };

describe('a dispatcher', () => {
  let gateway: TestGateway;
  let accounts: ScriptedAccounts;
  let tenant: TenantId;
  let name: string;
  let carrier: ScriptedCarrier;
  let dispatching: Dispatching;
  let carriers = 0;

  const now = () => gateway.clock.now();
  const later = (seconds: number) => new Date(now().getTime() + seconds * 1000);
  const add = (more: Parameters<Dispatching['add']>[1] = {}) => dispatching.add(tenant, more);
  const wakeLanes = () => gateway.get(DispatchersWorker).run();
  /** What has become due is looked at again. */
  async function pass(seconds: number): Promise<void> {
    gateway.clock.advance(seconds);
    await gateway.get(QueueWorker).run();
    await wakeLanes();
  }
  const becomes = (id: string, status: string) =>
    waitFor(async () => {
      const message = await dispatching.read(id);
      expect(message.status).toBe(status);
      return message;
    });
  const waits = (id: string) =>
    waitFor(async () => {
      const message = await dispatching.read(id);
      expect(message.waiting).toBeDefined();
      return message;
    });
  async function open(more: Partial<OpenAccount> = {}): Promise<void> {
    name = `acme-${++carriers}`;
    carrier = accounts.add(tenant, name, more);
    dispatching = new Dispatching(gateway, name);
    await wakeLanes();
  }
  /** Adds and wakes, as acceptance does. */
  async function submit(more: Parameters<Dispatching['add']>[1] = {}): Promise<string> {
    const id = await add(more);
    gateway.get(QueueWaiters).wake(`${tenant}:carrier:${name}`);
    return id;
  }

  beforeAll(async () => {
    gateway = await TestGateway.start();
    accounts = new ScriptedAccounts(gateway);
    tenant = await newTenant(gateway, 'shop');
  });
  beforeEach(() => open());
  afterAll(() => gateway.stop());

  it('sends a text once, and keeps the id by which the carrier knows it', async () => {
    const id = await submit();
    const message = await becomes(id, 'SENDING');
    expect(carrier.sent).toMatchObject([{ channel: 'sms', to: '+84901230000', from: null, text: message.text }]);
    expect(carrier.sent[0]!.attempt).toBe(`${id}.${message.lease!.id}`);
    expect(message).toMatchObject({
      carrier: { name, account: `AC-${tenant}`, ref: 'ref-1' },
      lease: { holder: `carrier:${name}`, call_started_at: now() },
      receipt_due_at: later(120),
      attempts: 1,
    });
    expect(message.history.map(({ actor, event, to }) => [actor, event, to])).toEqual([
      [`carrier:${name}`, 'leased', 'ASSIGNED'],
      [`carrier:${name}`, 'moved', 'SENDING'],
    ]);
  });

  it('says SENT at once where no receipt can come', async () => {
    carrier.next({ ...ACCEPTED, receipts: false });
    // Asking may still tell that it was delivered.
    expect(await becomes(await submit(), 'SENT')).toMatchObject({ sent_at: now(), receipt_due_at: later(120) });
  });

  it('marks the call before it makes it', async () => {
    const call = held();
    carrier.next(call.answer);
    const id = await submit();
    await call.began;
    const during = await dispatching.read(id);
    expect(during).toMatchObject({ status: 'ASSIGNED', lease: { call_started_at: now() } });
    call.release(ACCEPTED);
    await becomes(id, 'SENDING');
  });

  it('fails what the carrier refuses for good, with its code and the reason in words', async () => {
    carrier.next({ kind: 'refused', fault: 'recipient', code: '21211', reason: 'This is no phone number.' });
    const message = await becomes(await submit(), 'FAILED');
    expect(message).toMatchObject({ last_error: '21211', failed_at: now() });
    expect(message.history.at(-1)).toMatchObject({ actor: `carrier:${name}`, note: '21211: This is no phone number.' });
  });

  it('tries again what is refused for now, later each time, and says until when and why; attempts are not used up', async () => {
    carrier.next(BUSY, BUSY, ACCEPTED);
    const id = await submit();
    const first = await waits(id);
    expect(first).toMatchObject({
      status: 'ASSIGNED',
      attempts: 0,
      delays: 1,
      waiting: { code: '20429', reason: 'Too many calls.' },
    });
    expect(first.lease).not.toHaveProperty('call_started_at');
    const wait = first.waiting!.until.getTime() - now().getTime();
    expect([wait >= 500, wait <= 1000]).toEqual([true, true]);
    await pass(1);
    const second = await waitFor(async () => {
      const message = await dispatching.read(id);
      expect(message.delays).toBe(2);
      return message;
    });
    expect(second.waiting!.until.getTime() - now().getTime()).toBeGreaterThanOrEqual(1000);
    await pass(2);
    const sent = await becomes(id, 'SENDING');
    expect(sent).toMatchObject({ attempts: 1 });
    expect(sent).not.toHaveProperty('waiting');
    expect(carrier.sent).toHaveLength(3);
  });

  it('waits as long as the carrier asks for', async () => {
    carrier.next({ ...BUSY, retry_after: 90 });
    expect((await waits(await submit())).waiting!.until).toEqual(later(90));
  });

  it('gives up what is refused for now when its time is over', async () => {
    carrier.always = { ...BUSY, retry_after: 3600 };
    const id = await submit({ expires_at: later(600) });
    await waits(id);
    await pass(600);
    expect((await becomes(id, 'FAILED')).last_error).toBe('EXPIRED');
    expect(carrier.sent).toHaveLength(1);
  });

  it('never sends again what may have gone out', async () => {
    carrier.next(UNKNOWN);
    const id = await submit();
    const message = await becomes(id, 'SENDING');
    expect(message.history.at(-1)!.note).toBe('nobody knows whether it went out: no answer in time');
    await pass(86_400);
    expect(await becomes(id, 'FAILED')).toMatchObject({ last_error: 'UNCONFIRMED' });
    expect(carrier.sent).toHaveLength(1);
  });

  it('takes a mistake of an adapter for a call that may have gone out', async () => {
    carrier.next(() => Promise.reject(new Error('a bug')));
    expect((await becomes(await submit(), 'SENDING')).history.at(-1)!.note).toContain('the adapter failed');
  });

  it('keeps what a receipt told before the answer came', async () => {
    const call = held();
    carrier.next(call.answer);
    const id = await submit();
    const { attempt } = await call.began;
    const receipt = {
      kind: 'receipt',
      ref: 'ref-early',
      attempt,
      state: 'delivered',
      status: 'delivered',
      code: null,
    } as const;
    const of = { tenant, carrier: name, accountId: `AC-${tenant}` };
    expect(await gateway.get(Receipts).apply(of, receipt)).toBe('applied');
    call.release({ ...ACCEPTED, ref: 'ref-early' });
    const message = await becomes(id, 'DELIVERED');
    expect(message.carrier!.ref).toBe('ref-early');
    // A repeated or an older one changes nothing.
    const before = await dispatching.read(id);
    for (const state of ['delivered', 'sent', 'sending', 'failed'] as const)
      expect(await gateway.get(Receipts).apply(of, { ...receipt, state })).toBe('applied');
    expect(await dispatching.read(id)).toEqual(before);
  });

  it("finds the message of a receipt by the id of the carrier, and knows no other account's", async () => {
    const id = await submit();
    await becomes(id, 'SENDING');
    const receipt = {
      kind: 'receipt',
      ref: 'ref-1',
      attempt: null,
      state: 'failed',
      status: 'failed',
      code: '30003',
    } as const;
    const of = { tenant, carrier: name, accountId: `AC-${tenant}` };
    expect(await gateway.get(Receipts).apply({ ...of, accountId: 'AC-other' }, receipt)).toBe('unknown');
    expect(await gateway.get(Receipts).apply(of, { ...receipt, ref: 'ref-9' })).toBe('unknown');
    expect(await gateway.get(Receipts).apply(of, { ...receipt, reason: 'The phone is off.' })).toBe('applied');
    const message = await becomes(id, 'FAILED');
    expect(message).toMatchObject({ last_error: '30003' });
    expect(message.history.at(-1)!.note).toBe('30003: The phone is off.');
    expect(message).not.toHaveProperty('receipt_due_at');
  });

  it('leaves a text whose call was begun by a gateway that died to nobody', async () => {
    const call = held();
    carrier.next(call.answer);
    const id = await submit();
    await call.began;
    await pass(61);
    const message = await becomes(id, 'SENDING');
    expect(message.history.at(-1)).toMatchObject({ actor: 'system', note: 'its holder never told' });
    expect(carrier.sent).toHaveLength(1);
    // The answer comes after all: the carrier surely doesn't have it.
    call.release(BUSY);
    expect(await becomes(id, 'FAILED')).toMatchObject({ last_error: '20429' });
  });

  it('makes no more calls at the same time than the account allows', async () => {
    await open({ concurrency: 3 });
    const calls = Array.from({ length: 5 }, held);
    carrier.next(...calls.map(({ answer }) => answer));
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await submit());
    await Promise.all(calls.slice(0, 3).map(({ began }) => began));
    calls[0]!.release(ACCEPTED);
    await calls[3]!.began;
    expect([carrier.running, carrier.mostRunning, carrier.sent.length]).toEqual([3, 3, 4]);
    for (const call of calls) call.release(ACCEPTED);
    for (const id of ids) await becomes(id, 'SENDING');
    expect(carrier.mostRunning).toBe(3);
  });

  it('takes HIGH first, then in the order of acceptance', async () => {
    await open({ concurrency: 1 });
    const first = held();
    carrier.next(first.answer);
    await submit();
    await first.began;
    const [low, normal, high] = [await submit({ priority: 'LOW' }), await submit(), await submit({ priority: 'HIGH' })];
    first.release(ACCEPTED);
    await becomes(low, 'SENDING');
    expect(carrier.sent.slice(1).map(({ attempt }) => attempt.split('.')[0])).toEqual([high, normal, low]);
  });

  it('parks an account that fails five times in a row, tries it with one text, and goes on when that works', async () => {
    await open({ concurrency: 1 });
    carrier.always = BROKEN;
    const ids: string[] = [];
    for (let i = 0; i < 8; i++) ids.push(await submit());
    const dispatchers = gateway.get(DispatchersWorker);
    await waitFor(async () => expect(dispatchers.parked(tenant, name)).not.toBeNull());
    expect(dispatchers.parked(tenant, name)).toMatchObject({ until: later(30), reason: 'Nobody answers.' });
    expect(carrier.sent).toHaveLength(5);
    expect((await gateway.api.get('/health/ready')).body).toMatchObject({
      status: 'ok',
      warnings: [`carrier ${name}: 1 account is parked, because its calls fail; see GET /admin/carriers`],
    });
    const { sum } = await readMetrics(gateway.api);
    expect(sum('trunkline_carrier_accounts_parked', { carrier: name })).toBe(1);
    expect(sum('trunkline_carrier_seconds_count', { carrier: name, outcome: 'later_failure' })).toBe(5);
    await pass(29);
    expect(carrier.sent).toHaveLength(5);
    await pass(1);
    await waitFor(async () => expect(carrier.sent).toHaveLength(6));
    await waitFor(async () => expect(dispatchers.parked(tenant, name)).toMatchObject({ until: later(60) }));
    carrier.always = ACCEPTED;
    await pass(900);
    for (const id of ids) await becomes(id, 'SENDING');
    expect(dispatchers.parked(tenant, name)).toBeNull();
    expect((await gateway.api.get('/health/ready')).body).not.toHaveProperty('warnings');
  });

  it('is not parked by requests for patience', async () => {
    carrier.always = { ...BUSY, retry_after: 30 };
    for (let i = 0; i < 10; i++) await submit();
    await waitFor(async () => expect(carrier.sent).toHaveLength(10));
    expect(gateway.get(DispatchersWorker).parked(tenant, name)).toBeNull();
  });

  it('sends nothing by an account that the carrier holds, until its time has come', async () => {
    await open({ concurrency: 1 });
    carrier.next({ ...BUSY, code: '63038', retry_after: 7200, account: true });
    const [first, second] = [await submit(), await submit()];
    await waits(first);
    await waitFor(async () =>
      expect(accounts.accounts.at(-1)!.hold).toMatchObject({ until: later(7200), code: '63038' }),
    );
    await wakeLanes();
    const admin = (await gateway.admin()).as({ 'x-tenant': 'shop' });
    const third = await submit();
    expect(must(200, await admin.get(`/messages/${third}`))).toMatchObject({
      status: 'PENDING',
      waiting: { until: later(7200).toISOString(), code: '63038', reason: 'Too many calls.' },
    });
    const sent = carrier.sent.length;
    await pass(7199);
    expect(carrier.sent).toHaveLength(sent);
    await pass(1);
    for (const id of [first, second, third]) await becomes(id, 'SENDING');
  });

  it('asks the carrier for receipts that do not come, less and less often, for a day', async () => {
    const id = await submit();
    await becomes(id, 'SENDING');
    const ask = async (seconds: number) => {
      gateway.clock.advance(seconds);
      await gateway.get(ReceiptPollWorker).run();
      return carrier.asked.length;
    };
    expect([await ask(119), await ask(1)]).toEqual([0, 1]);
    expect([await ask(239), await ask(1)]).toEqual([1, 2]);
    carrier.receipts.set('ref-1', {
      kind: 'receipt',
      ref: 'ref-1',
      attempt: null,
      state: 'sent',
      status: 'sent',
      code: null,
    });
    expect(await ask(480)).toBe(3);
    expect((await dispatching.read(id)).status).toBe('SENT');
    for (let i = 0; i < 40; i++) await ask(3600);
    const asked = carrier.asked.length;
    expect(asked).toBeLessThan(30);
    expect(await dispatching.read(id)).not.toHaveProperty('receipt_due_at');
  });

  it('asks no more once it knows the end, the price with it', async () => {
    const id = await submit();
    await becomes(id, 'SENDING');
    const price = { amount: '0.0079', currency: 'USD' };
    carrier.receipts.set('ref-1', {
      kind: 'receipt',
      ref: 'ref-1',
      attempt: null,
      state: 'delivered',
      status: 'delivered',
      code: null,
      price,
    });
    gateway.clock.advance(120);
    await gateway.get(ReceiptPollWorker).run();
    const message = await becomes(id, 'DELIVERED');
    expect(message).toMatchObject({ price });
    expect(message).not.toHaveProperty('receipt_due_at');
  });

  it("gives nobody's code a place behind a campaign of another tenant", async () => {
    await open({ concurrency: 5 });
    const [campaign, calls] = [carrier, Array.from({ length: 5 }, held)];
    campaign.next(...calls.map(({ answer }) => answer));
    for (let i = 0; i < 20; i++) await submit({ priority: 'HIGH' });
    await Promise.all(calls.map(({ began }) => began));
    const other = await newTenant(gateway, 'clinic');
    const theirs = accounts.add(other, name);
    await wakeLanes();
    const code = await dispatching.add(other);
    gateway.get(QueueWaiters).wake(`${other}:carrier:${name}`);
    await becomes(code, 'SENDING');
    expect([theirs.sent.length, campaign.sent.length]).toEqual([1, 5]);
    for (const call of calls) call.release(ACCEPTED);
  });

  it('stops with the account: what waits is left, what is under way is settled', async () => {
    await open({ concurrency: 1 });
    const call = held();
    carrier.next(call.answer);
    const [first, second] = [await submit(), await submit()];
    await call.began;
    accounts.accounts.pop();
    await wakeLanes();
    call.release(ACCEPTED);
    await becomes(first, 'SENDING');
    expect((await dispatching.read(second)).status).toBe('PENDING');
    expect(carrier.sent).toHaveLength(1);
  });
});

describe('a gateway that stops', () => {
  it('ends a call that is not answered in time, and says that nobody knows', async () => {
    const gateway = await TestGateway.start();
    const accounts = new ScriptedAccounts(gateway);
    const tenant = await newTenant(gateway, 'shop');
    const carrier = accounts.add(tenant, 'acme', { concurrency: 1 });
    const dispatching = new Dispatching(gateway, 'acme');
    const call = held();
    carrier.next(call.answer);
    const [first, second] = [await dispatching.add(tenant), await dispatching.add(tenant)];
    const dispatchers = gateway.get(DispatchersWorker);
    dispatchers.stopMillis = 1;
    await dispatchers.run();
    await call.began;
    await gateway.restart();
    expect(await dispatching.read(first)).toMatchObject({ status: 'SENDING' });
    expect((await dispatching.read(first)).history.at(-1)!.note).toContain('nobody knows whether it went out');
    expect(await dispatching.read(second)).toMatchObject({ status: 'PENDING', attempts: 0 });
    await gateway.stop();
  });
});
