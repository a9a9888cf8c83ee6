import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { byHand } from '../support/by-hand.js';
import { TestGateway } from '../support/gateway.js';
import { readMetrics } from '../support/read-metrics.js';
import { isoIn, sendOne } from '../support/sending.js';
import { lease, openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';
import { expectTrueReports } from '../support/true-reports.js';

const GRACE = 600;
const LIFE = 60;

describe('a message that its phone began to send', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;
  let code = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      ANTI_DUP_MINUTES: '60',
      AGENT_RATE_LIMIT_PER_MIN: '100000',
      JWT_ACCESS_MINUTES: '1000000',
    });
    shop = await openShop(gateway);
    await byHand(gateway.get(QueueWorker));
  });
  beforeEach(async () => {
    phone = await registerPhone(gateway);
    // Each test has a day of its own.
    gateway.clock.advance(86_400);
  });
  afterAll(async () => {
    await expectTrueReports(gateway);
    await gateway.stop();
  });

  const read = async (id: string) => (await shop.client.get(`/messages/${id}`)).body;
  const run = () => gateway.get(QueueWorker).run();
  const send = (text: string) => sendOne({ ...shop, phone }, text, { ttl_seconds: LIFE });

  /** Asked for two seconds before its end. */
  async function begun(text = `begun ${++code}`): Promise<string> {
    const { message_id } = await send(text);
    await lease(phone);
    gateway.clock.advance(LIFE - 2);
    expect(await report(phone, message_id, 'SENDING')).toMatchObject({ result: 'updated' });
    return message_id;
  }

  async function unconfirmed(text?: string): Promise<string> {
    const id = await begun(text);
    gateway.clock.advance(GRACE);
    await run();
    expect(await read(id)).toMatchObject({ status: 'FAILED', last_error: 'UNCONFIRMED', failed_at: isoIn(gateway, 0) });
    return id;
  }

  it('has ten minutes to be told of, however soon its life ends', async () => {
    const id = await begun('last moment');
    gateway.clock.advance(3);
    await run();
    expect(await read(id)).toMatchObject({ status: 'SENDING', last_error: null });
    expect((await send('last moment')).last_error).toBe('DUPLICATE_RECENT');
    gateway.clock.advance(GRACE - 4);
    await run();
    expect(await report(phone, id, 'SENT')).toMatchObject({ result: 'updated', status: 'SENT' });
    expect(await report(phone, id, 'DELIVERED')).toMatchObject({ result: 'updated', status: 'DELIVERED' });
    expect(await read(id)).not.toHaveProperty('delivery');
  });

  it('has as long straight from PENDING', async () => {
    const { message_id } = await send('straight');
    gateway.clock.advance(LIFE - 2);
    expect(await report(phone, message_id, 'SENDING')).toMatchObject({ result: 'updated' });
    gateway.clock.advance(GRACE - 1);
    await run();
    expect((await read(message_id)).status).toBe('SENDING');
    gateway.clock.advance(1);
    await run();
    expect(await read(message_id)).toMatchObject({ status: 'FAILED', last_error: 'UNCONFIRMED' });
  });

  it('lives to its own end where that is later', async () => {
    const { message_id } = await sendOne({ ...shop, phone }, 'long life', { ttl_seconds: 3 * GRACE });
    await lease(phone);
    await report(phone, message_id, 'SENDING');
    gateway.clock.advance(3 * GRACE - 1);
    await run();
    expect((await read(message_id)).status).toBe('SENDING');
  });

  it('still counts as sent for the duplicate window when it fails by time alone, and can be sent again by hand', async () => {
    const id = await unconfirmed('never twice');
    expect((await send('never twice')).last_error).toBe('DUPLICATE_RECENT');
    await report(phone, id, 'SENT');
    expect((await send('never twice')).last_error).toBe('DUPLICATE_RECENT');
    const again = await shop.client.post(`/messages/${id}/resend`);
    expect(again.body).toMatchObject({ total_created: 1, total_skipped: 0, resend_of: id });
    gateway.clock.advance(3600 - GRACE - LIFE + 2);
    expect((await send('never twice')).status).toBe('PENDING');
  });

  it('that fails of something else leaves its text free, as does one that was never begun', async () => {
    const failed = await begun('free');
    await report(phone, failed, 'FAILED', { error: { code: 'NO_SERVICE' } });
    const { message_id } = await send('free');
    gateway.clock.advance(LIFE);
    await run();
    expect(await read(message_id)).toMatchObject({ status: 'FAILED', last_error: 'EXPIRED' });
    expect((await send('free')).status).toBe('PENDING');
    expect(await report(phone, message_id, 'SENT')).toMatchObject({
      result: 'conflict',
      status: 'FAILED',
      allowed: [],
    });
  });

  it('and that failed by time alone shows what its phone tells later', async () => {
    const id = await unconfirmed();
    const before = await read(id);
    gateway.clock.advance(5);
    const sent = { message_id: id, result: 'unchanged', status: 'FAILED', recorded: 'sent' };
    const really = isoIn(gateway, -GRACE);
    expect(await report(phone, id, 'SENT', { reported_at: really })).toEqual(sent);
    const after = await read(id);
    expect(after).toEqual({
      ...before,
      delivery: { outcome: 'sent', at: really },
      updated_at: isoIn(gateway, 0),
      history: [
        ...before.history,
        {
          at: isoIn(gateway, 0),
          actor: `agent:${phone.agentId}`,
          event: 'told',
          outcome: 'sent',
          reported_at: really,
        },
      ],
    });
    gateway.clock.advance(1);
    expect(await report(phone, id, 'SENT')).toEqual(sent);
    expect(await read(id)).toEqual(after);
    const delivered = { ...sent, recorded: 'delivered' };
    expect(await report(phone, id, 'DELIVERED')).toEqual(delivered);
    for (const status of ['SENT', 'DELIVERED', 'FAILED']) expect(await report(phone, id, status)).toEqual(delivered);
    expect(await report(phone, id, 'SENDING')).toMatchObject({ result: 'conflict', allowed: [] });
    expect(await read(id)).toMatchObject({
      status: 'FAILED',
      last_error: 'UNCONFIRMED',
      sent_at: null,
      delivery: { outcome: 'delivered', at: isoIn(gateway, 0) },
    });
    const { items } = (await shop.client.get(`/messages?request_id=${after.request_id}`)).body;
    expect(items[0].delivery.outcome).toBe('delivered');
  });

  it('and that failed by time alone is told of by nobody else', async () => {
    const id = await unconfirmed();
    const stranger = await registerPhone(gateway);
    expect(await report(stranger, id, 'SENT')).toEqual({ message_id: id, result: 'unknown', status: null });
    expect(await read(id)).not.toHaveProperty('delivery');
  });

  it('as FAILED after SENT was sent and not delivered, until it is', async () => {
    const id = await begun();
    await report(phone, id, 'SENT');
    gateway.clock.advance(5);
    const error = { code: 'RESULT_RIL_GENERIC', message: 'The network refused it.' };
    const undelivered = { message_id: id, result: 'unchanged', status: 'SENT', recorded: 'undelivered' };
    expect(await report(phone, id, 'FAILED', { error })).toEqual(undelivered);
    const shown = await read(id);
    expect(shown).toMatchObject({
      status: 'SENT',
      last_error: null,
      failed_at: null,
      delivery: { outcome: 'undelivered', at: isoIn(gateway, 0), code: error.code, reason: error.message },
    });
    expect(shown.history.at(-1)).toMatchObject({ event: 'told', note: `${error.code}: ${error.message}` });
    gateway.clock.advance(5);
    expect(await report(phone, id, 'FAILED', { error })).toEqual(undelivered);
    expect(await read(id)).toEqual(shown);
    expect(await report(phone, id, 'DELIVERED')).toMatchObject({ result: 'updated', status: 'DELIVERED' });
    expect(await read(id)).not.toHaveProperty('delivery');
    expect(await report(phone, id, 'FAILED', { error })).toMatchObject({ result: 'conflict', status: 'DELIVERED' });
  });

  it('as FAILED of a phone that did not send it says nothing of the one that did', async () => {
    const second = await registerPhone(gateway);
    const group = `pair-${code}`;
    for (const { agentId } of [phone, second]) await shop.admin.patch(`/admin/agents/${agentId}`, { groups: [group] });
    const { message_id } = await sendOne(shop, 'pair', { agent_id: undefined, route: `group:${group}` });
    await lease(phone);
    gateway.clock.advance(3600);
    await lease(second);
    await report(second, message_id, 'SENDING');
    await report(phone, message_id, 'SENT');
    expect(await report(second, message_id, 'FAILED')).toMatchObject({ result: 'conflict', status: 'SENT' });
    expect(await report(phone, message_id, 'FAILED')).toMatchObject({ result: 'unchanged', recorded: 'undelivered' });
  });

  it('is counted, in the metrics and in the reports, and stands in an export', async () => {
    const before = await readMetrics(gateway.api);
    const [late, lost] = [await unconfirmed(), await unconfirmed()];
    await unconfirmed();
    const sent = await begun();
    await report(phone, sent, 'SENT');
    const day = gateway.clock.now().toISOString().slice(0, 10);
    const summary = async () => (await shop.admin.get(`/reports/summary?from=${day}`)).body[0];
    // Counted, and nothing marks it as changed.
    gateway.clock.advance(20);
    expect(await summary()).toMatchObject({ total: 4, sent: 1, failed: 3, confirmed_late: 0, segments_sent: 1 });
    await report(phone, late, 'SENT');
    await report(phone, late, 'DELIVERED');
    await report(phone, late, 'DELIVERED');
    await report(phone, lost, 'SENT');
    await report(phone, lost, 'FAILED', { error: { code: '=1+1' } });
    await report(phone, sent, 'FAILED');
    const counted = { total: 4, sent: 1, failed: 3, confirmed_late: 2, undelivered: 2, segments_sent: 3 };
    expect(await summary()).toMatchObject(counted);

    const after = await readMetrics(gateway.api);
    const told = (outcome: string) => {
      const labels = { outcome, route: 'agent', tenant: 'default' };
      return after.sum('trunkline_deliveries_total', labels) - before.sum('trunkline_deliveries_total', labels);
    };
    expect([told('sent'), told('delivered'), told('undelivered')]).toEqual([2, 1, 2]);

    const columns = 'message_id,status,delivery,delivery_at,delivery_code';
    const query = `columns=${columns}&from=${day}&agent_id=${phone.agentId}`;
    const csv = (await shop.client.get(`/reports/export.csv?${query}`)).body as string;
    expect(csv.split('\r\n').filter((line) => line.startsWith(lost) || line.startsWith(sent))).toEqual([
      expect.stringMatching(`^${lost},FAILED,undelivered,.+Z,'=1\\+1$`),
      expect.stringMatching(`^${sent},SENT,undelivered,.+Z,$`),
    ]);
    const lines = ((await shop.client.get(`/reports/export.ndjson?${query}`)).body as string).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).delivery)).toEqual(['delivered', 'undelivered', null, 'undelivered']);
  });
});
