import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestDoc } from '../../src/requests/request.js';
import { RecoveryWorker } from '../../src/requests/recovery.worker.js';
import { RetentionWorker } from '../../src/retention/retention.worker.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { sendOne } from '../support/sending.js';
import { lease, openShop, report, type Shop } from '../support/shop.js';

const DAY = 86_400;

describe('retention of requests that were never expanded', () => {
  let gateway: TestGateway;
  let shop: Shop;
  beforeEach(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '100000', JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(gateway);
    must(200, await shop.admin.put('/admin/settings', { blank_texts_after_days: 1, remove_messages_after_days: 8 }));
  });
  afterEach(() => gateway.stop());

  const requests = () => gateway.store.collection<RequestDoc>('sms_requests');
  const pass = () => gateway.get(RetentionWorker).run();
  const days = (count: number) => gateway.clock.advance(count * DAY);

  /** Committed with a payload that nothing can be made from, for `hours`. */
  async function stuck(code: string, hours: number): Promise<string> {
    const { request_id, message_id } = await sendOne(shop, code, { ttl_seconds: hours * 3600 });
    for (const leased of await lease(shop.phone)) await report(shop.phone, leased.message_id, 'SENT');
    await gateway.store.collection('sms_messages').deleteOne({ _id: message_id });
    const payload = { content: `Ma OTP ${code} {CODE}`, recipients: [{ to: '+84901234567', priority: 'NORMAL' }] };
    await requests().updateOne({ _id: request_id }, { $set: { ...payload, expanded: false } });
    await gateway.get(RecoveryWorker).run();
    expect(await requests().findOne({ _id: request_id })).toMatchObject({ expanded: false, ...payload });
    return request_id;
  }

  it('leaves their texts while they could still be sent, then takes them', async () => {
    const id = await stuck('secret', 72);
    days(2);
    await pass();
    expect(await requests().findOne({ _id: id })).toMatchObject({ expanded: false, content: 'Ma OTP secret {CODE}' });
    days(1);
    await pass();
    const row = (await requests().findOne({ _id: id }))!;
    expect(row).toMatchObject({ expanded: true, text_blanked_at: gateway.clock.now() });
    expect(JSON.stringify(row)).not.toMatch(/secret|recipients/);
    // Nobody makes anything of it any more.
    await gateway.get(RecoveryWorker).run();
    expect(must(200, await shop.client.get(`/requests/${id}`)).status_counts).toEqual({});
  });

  it('removes them with the rest of their hour, once they could not be sent any more', async () => {
    must(200, await shop.admin.put('/admin/settings', { blank_texts_after_days: null }));
    const id = await stuck('long', 720);
    const through = await sendOne(shop, 'through');
    for (const leased of await lease(shop.phone)) await report(shop.phone, leased.message_id, 'SENT');
    days(9);
    await pass();
    expect((await requests().find({})).map(({ _id }) => _id).sort()).toEqual([id, through.request_id].sort());
    days(22);
    await pass();
    expect(await requests().find({})).toEqual([]);
  });
});
