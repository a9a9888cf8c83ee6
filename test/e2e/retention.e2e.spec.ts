import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { MessageDoc } from '../../src/messages/message.js';
import { OldMessagesRepository } from '../../src/messages/old-messages.repository.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { Rebuild } from '../../src/reports/rebuild.js';
import { RequestsRepository } from '../../src/requests/requests.repository.js';
import { RetentionRepository } from '../../src/retention/retention.repository.js';
import { RetentionWorker } from '../../src/retention/retention.worker.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, isoIn, messagesOf, messagesTo, requestOf } from '../support/sending.js';
import { lease, openShop, report, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { expectTrueReports } from '../support/true-reports.js';

const DAY = 86_400;

describe('retention', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let code = 0;

  beforeEach(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '100000', JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(gateway);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.stop();
  });

  const choose = (settings: object) => shop.admin.put('/admin/settings', settings);
  const pass = () => gateway.get(RetentionWorker).run();
  const days = (count: number) => gateway.clock.advance(count * DAY);
  const send = async (count: number, extra: object = {}, from: Shop = shop): Promise<string> =>
    (await accept(from.client, requestOf(from, messagesTo(count, `r${++code}`), { ...extra }))).request_id;
  const deliver = async () => {
    for (const { message_id } of await lease(shop.phone)) {
      await report(shop.phone, message_id, 'SENT');
      await report(shop.phone, message_id, 'DELIVERED');
    }
  };
  const received = (text: string) =>
    shop.phone.api.post('/agent/messages/inbound', {
      messages: [{ from: '+84901234567', text, received_at: gateway.clock.now().toISOString() }],
    });
  const inbound = async () => must(200, await shop.admin.get('/inbound-messages')).items;
  const first = async (requestId: string) => (await messagesOf(shop.client, requestId))[0];
  const summary = async () =>
    must(200, await shop.admin.get(`/reports/summary?from=2126-11-01&to=2127-09-01&group_by=day`));
  const count = (collection: string) => gateway.store.collection(collection).count({});

  it('keeps everything until a tenant chooses otherwise', async () => {
    await send(1);
    await deliver();
    days(3000);
    await pass();
    expect((await gateway.store.collection<MessageDoc>('sms_messages').findOne({}))!.text).toMatch(/^Ma OTP r/);
    expect(await count('sms_requests')).toBe(1);
  });

  it('refuses days that can’t be together', async () => {
    const refused = async (settings: object, field: string) =>
      expectError(await choose(settings), 400, 'invalid_request', field);
    await refused({ blank_texts_after_days: 30, remove_messages_after_days: 30 }, 'blank_texts_after_days');
    must(200, await choose({ remove_messages_after_days: 30 }));
    await refused({ blank_texts_after_days: 30 }, 'blank_texts_after_days');
    must(200, await choose({ blank_texts_after_days: 29 }));
    await refused({ remove_messages_after_days: 29 }, 'remove_messages_after_days');
    must(200, await choose({ blank_texts_after_days: null, remove_messages_after_days: 8 }));
    expect((await choose({ remove_messages_after_days: 7 })).status).toBe(400);
    expect((await choose({ blank_texts_after_days: 0 })).status).toBe(400);
  });

  it('takes texts away when their days are over, says so, and sends none of them again', async () => {
    must(200, await choose({ blank_texts_after_days: 7 }));
    const acme = await openTenantShop(gateway, 'acme');
    await send(1, {}, acme);
    const old = await send(450);
    await received('Cam on');
    must(200, await shop.client.post(`/requests/${old}/cancel`));
    gateway.clock.advance(3600);
    const young = await send(1);
    await deliver();
    await received('Lan sau');
    days(7);
    await pass();
    const at = gateway.clock.now().toISOString();
    const shown = await messagesOf(shop.client, old);
    expect(shown).toHaveLength(450);
    for (const message of shown) expect([message.text, message.text_blanked_at]).toEqual(['', at]);
    expect((await first(young)).text).toMatch(/^Ma OTP/);
    expect((await first(young)).text_blanked_at).toBeUndefined();
    expect((await inbound()).map(({ text }: { text: string }) => text)).toEqual(['Lan sau', '']);
    expect(
      (await messagesOf(acme.client, (await acme.client.get('/requests')).body.items[0].request_id))[0].text,
    ).not.toBe('');
    const id = (await first(old)).message_id;
    expectError(await shop.client.post(`/messages/${id}/resend`), 409, 'text_blanked');
    // Once only.
    gateway.clock.advance(60);
    await pass();
    expect((await first(old)).text_blanked_at).toBe(at);
  });

  it('leaves what still waits, and comes back for it', async () => {
    must(200, await choose({ blank_texts_after_days: 1, remove_messages_after_days: 8 }));
    const scheduled = await send(1, { schedule_at: isoIn(gateway, 20 * DAY) });
    const sent = await send(1);
    await deliver();
    gateway.clock.advance(3600);
    await send(1);
    await deliver();
    days(9);
    const look = jest.spyOn(gateway.get(OldMessagesRepository), 'blank');
    await pass();
    // The hour with the waiting one keeps its rows, without the texts of what is through; the other hour has gone.
    expect((await first(scheduled)).text).toMatch(/^Ma OTP/);
    expect((await first(sent)).text).toBe('');
    expect(await count('sms_messages')).toBe(2);
    expect(await count('sms_requests')).toBe(2);
    expect(await summary()).toMatchObject([{ total: 3, delivered: 2, pending: 1 }]);
    look.mockClear();
    await pass();
    expect(look).not.toHaveBeenCalled();
    days(12);
    await deliver();
    expect(await summary()).toMatchObject([{ total: 3, delivered: 3 }]);
    await pass();
    expect(await count('sms_messages')).toBe(0);
    expect(await count('sms_requests')).toBe(0);
    expect(await summary()).toMatchObject([{ total: 3, delivered: 3 }]);
  });

  it('removes messages, requests and inbound texts, and the reports still tell of them', async () => {
    must(200, await choose({ remove_messages_after_days: 8 }));
    const gone = await send(450);
    const id = (await first(gone)).message_id;
    must(200, await shop.client.post(`/requests/${gone}/cancel`));
    await received('Cam on');
    days(1);
    await send(2);
    days(7);
    gateway.clock.advance(3600);
    await gateway.get(QueueWorker).run();
    const before = await summary();
    expect(before).toMatchObject([{ total: 450, canceled: 450 }, { total: 2 }]);
    await gateway.get(RetentionWorker).run();
    expect(await count('sms_messages')).toBe(2);
    expect((await shop.client.get(`/messages/${id}`)).status).toBe(404);
    expect((await shop.client.get(`/requests/${gone}`)).status).toBe(404);
    expect(await inbound()).toEqual([]);
    expect(await summary()).toEqual(before);
    const rebuilt = await gateway.get(Rebuild).rebuild({}, (difference) => expect(difference).toBeNull());
    expect(rebuilt).toMatchObject({ messages: 2, hours: 2, frozen: 1, differences: 0 });
    expect(await summary()).toEqual(before);
  });

  it('goes on where a gateway died', async () => {
    must(200, await choose({ remove_messages_after_days: 8 }));
    for (let hour = 0; hour < 3; hour++) {
      await send(2);
      await deliver();
      gateway.clock.advance(3600);
    }
    days(8);
    const steps = [
      () => jest.spyOn(gateway.get(OldMessagesRepository), 'remove'),
      () => jest.spyOn(gateway.get(RequestsRepository).old, 'remove'),
      () => jest.spyOn(gateway.get(RetentionRepository), 'save'),
    ];
    for (const step of steps) {
      step().mockRejectedValueOnce(new Error('the lights went out'));
      await pass();
      expect(await summary()).toMatchObject([{ total: 6, delivered: 6 }]);
    }
    await pass();
    expect(await count('sms_messages')).toBe(0);
    expect(await count('sms_requests')).toBe(0);
    expect(await summary()).toMatchObject([{ total: 6, delivered: 6 }]);
    await send(1);
    await expectTrueReports(gateway);
  });
});
