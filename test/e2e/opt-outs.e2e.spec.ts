import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { InboundWorker } from '../../src/inbound/inbound.worker.js';
import type { Api } from '../support/api.js';
import { importCsv, toShop, worked } from '../support/csv.js';
import { TestGateway } from '../support/gateway.js';
import { addTenant, must } from '../support/people.js';
import { accept, isoIn, messagesOf, requestOf, usedToday } from '../support/sending.js';
import { lease, openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';
import { hear, optOutsOf, ownTexts, textFrom } from '../support/opt-outs.js';

/** What people do by the words of a text, on a gateway with phones. */
describe('opting out by a word', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;
  let person: string;
  let people = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      AGENT_RATE_LIMIT_PER_MIN: '100000',
      JWT_ACCESS_MINUTES: '1000000',
      APP_NAME: 'Quán Phở',
    });
    shop = await openShop(gateway, { scopes: ['sms:send', 'sms:send_text', 'sms:read'] });
  });
  beforeEach(async () => {
    phone = await registerPhone(gateway, { sims: [{ slot: 0 }, { slot: 1 }] });
    person = `+84902${String(100_000 + ++people)}`;
    // A text is known again by its second.
    gateway.clock.advance(1);
  });
  afterAll(() => gateway.stop());

  const says = (text: string, extra: Record<string, unknown> = {}, from = person) =>
    hear(gateway, phone, { from, text, ...extra });
  const optOuts = (number = person, api: Api = shop.admin) => optOutsOf(api, number);
  const confirmations = (number = person) => ownTexts(gateway, number);
  let codes = 0;
  async function submit(extra: Record<string, unknown> = {}, to: readonly string[] = [person]) {
    const messages = to.map((number) => ({ to: number, variables: { CODE: `${++codes}` } }));
    const body = { ...requestOf(shop, messages, extra), agent_id: phone.agentId };
    const accepted = await accept(shop.client, body);
    return { ...accepted, messages: await messagesOf(shop.client, accepted.request_id) };
  }
  const shown = async (id: string) => must(200, await shop.client.get(`/messages/${id}`));

  it.each([
    ['STOP', 'stop'],
    [' “Dừng”. ', 'dừng'],
    ['tu choi', 'từ chối'],
    ['Unsubscribe!', 'unsubscribe'],
  ])('%j is recorded, and nothing is sent to that number any more', async (text, word) => {
    const [inboundId] = await says(text);
    expect(await optOuts()).toEqual([
      {
        number: person,
        sender: null,
        source: 'keyword',
        reason: null,
        word,
        carrier: null,
        code: null,
        inbound_id: inboundId,
        created_at: isoIn(gateway, 0),
      },
    ]);
    const { messages, ...accepted } = await submit();
    expect(accepted).toMatchObject({ total_created: 0, total_skipped: 0, total_opted_out: 1, total_segments: 0 });
    expect(messages).toMatchObject([{ status: 'FAILED', last_error: 'OPTED_OUT', attempts: 0 }]);
    expect(messages[0].failed_at).toBe(messages[0].created_at);
    expect((await lease(phone)).map(({ to, message_id }) => [to, message_id])).toEqual([
      [person, (await confirmations())[0]!._id],
    ]);
  });

  it.each(['STOP it', 'đúng', 'HUY', 'HELP', 'trợ giúp', 'yes', 'ok stop'])('%j opts nobody out', async (text) => {
    await says(text);
    expect(await optOuts()).toEqual([]);
    expect(await confirmations()).toEqual([]);
    expect((await submit()).total_created).toBe(1);
  });

  it('is not for short codes and names', async () => {
    for (const from of ['9029', 'VIETTEL']) await says('STOP', {}, from);
    expect((await shop.admin.get('/opt-outs?source=keyword&limit=500')).body.items).not.toContainEqual(
      expect.objectContaining({ number: expect.not.stringMatching(/^\+84/) }),
    );
  });

  it('is confirmed by one text, in the language of the word and by the SIM that received it', async () => {
    const [inboundId] = await says('DUNG', { sim_slot: 1 });
    gateway.clock.advance(60);
    await says('STOP', { sim_slot: 0 });
    const [text, ...more] = await confirmations();
    expect(more).toEqual([]);
    expect(text).toMatchObject({
      client_id: 'system',
      route: `agent:${phone.agentId}`,
      sim_slot: 1,
      ignores_opt_outs: true,
      encoding: 'GSM-7',
      segments: 1,
      text: 'Quan Pho: Ban da ngung nhan tin va se khong nhan them tin nao. Soan BAT DAU de nhan lai.',
    });
    expect(text!.request_id.slice(4, 14)).toBe(inboundId!.slice(4, 14));
    const [job] = await lease(phone);
    expect(job).toMatchObject({ message_id: text!._id, text: text!.text });
    for (const status of ['SENDING', 'SENT', 'DELIVERED'])
      expect(await report(phone, text!._id, status)).toMatchObject({ result: 'updated' });
    expect(await optOuts()).toHaveLength(1);
  });

  it('has a confirmation that shows like any message, submitted by the system', async () => {
    await says('stop');
    const { _id: id, request_id } = (await confirmations())[0]!;
    const message = must(200, await shop.admin.get(`/messages/${id}`));
    expect(message).toMatchObject({ status: 'PENDING', ignores_opt_outs: true, template_id: null });
    expect(message.history).toEqual([{ at: message.created_at, actor: 'system', event: 'accepted' }]);
    expect(message.text).toContain('Quan Pho: You are unsubscribed');
    for (const query of [`?request_id=${request_id}`, `/all?client_id=system&to=${encodeURIComponent(person)}`])
      expect((await shop.admin.get(`/messages${query}`)).body.items).toMatchObject([{ message_id: id }]);
    expect((await shop.client.get(`/messages/${id}`)).status).toBe(403);
    expect((await shop.admin.get(`/requests/${request_id}`)).status).toBe(404);
    expect((await shop.admin.get('/reports/export.csv?columns=message_id,client_id')).body).toContain(`${id},system`);
    expect((await shop.admin.get('/reports/summary?group_by=client')).status).toBe(200);
    expect((await shop.admin.get('/reports/usage')).status).toBe(200);
    expect((await shop.admin.post(`/messages/${id}/cancel`)).body.status).toBe('CANCELED');
    expect((await shop.admin.post(`/messages/${id}/resend`)).body.code).toBe('recipient_opted_out');
  });

  it('is confirmed as the tenant wants it, or not at all', async () => {
    const set = async (settings: object) => must(200, await shop.admin.put('/admin/settings', settings));
    await set({ opt_out_confirmation_texts: { en: 'Bye from {org_name}.' } });
    await says('stop');
    expect(await confirmations()).toMatchObject([{ text: 'Bye from Quán Phở.' }]);
    await set({ opt_out_confirmation_texts: null, opt_out_confirmation: false });
    person = `+84902${String(100_000 + ++people)}`;
    await says('stop');
    expect([await confirmations(), (await optOuts()).length]).toEqual([[], 1]);
    await set({ opt_out_confirmation: null });
  });

  it('is taken back by a START, after which a STOP is confirmed again', async () => {
    await says('STOP');
    gateway.clock.advance(60);
    await says('Bắt đầu');
    expect(await optOuts()).toEqual([]);
    expect((await submit()).total_created).toBe(1);
    gateway.clock.advance(60);
    await says('START');
    await says('STOP');
    expect(await confirmations()).toHaveLength(2);
    const lines = must(200, await shop.admin.get('/admin/audit-logs?limit=12')).items;
    expect(lines).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          actor_type: 'SYSTEM',
          action: 'ADD_OPT_OUT',
          data: expect.objectContaining({ number: person }),
        }),
        expect.objectContaining({
          actor_type: 'SYSTEM',
          action: 'REMOVE_OPT_OUT',
          data: expect.objectContaining({ number: person }),
        }),
      ]),
    );
  });

  it('takes words that the tenant adds', async () => {
    await says('baja');
    expect(await optOuts()).toEqual([]);
    must(200, await shop.admin.put('/admin/settings', { opt_out_words: { stop: ['BAJA'], start: ['ALTA'] } }));
    gateway.clock.advance(1);
    await says('Bajá!');
    expect(await optOuts()).toMatchObject([{ word: 'BAJA' }]);
    gateway.clock.advance(1);
    await says('alta');
    expect(await optOuts()).toEqual([]);
    must(200, await shop.admin.put('/admin/settings', { opt_out_words: null }));
  });

  it('fails what waits for the number at once, and leaves what a phone has in its hands', async () => {
    const other = '+84903000001';
    const held = await submit();
    expect(await lease(phone, 1)).toMatchObject([{ message_id: held.messages[0].message_id }]);
    const waiting = await submit({ schedule_at: isoIn(gateway, 86_400) }, [person, other]);
    const ready = await submit();
    const ran = await submit();
    await says('STOP');
    expect(
      (await messagesOf(shop.client, waiting.request_id)).map(({ status, last_error }) => [status, last_error]),
    ).toEqual([
      ['FAILED', 'OPTED_OUT'],
      ['PENDING', null],
    ]);
    for (const { messages } of [ready, ran])
      expect(await shown(messages[0].message_id)).toMatchObject({ status: 'FAILED', last_error: 'OPTED_OUT' });
    const { history } = await shown(ready.messages[0].message_id);
    expect(history.at(-1)).toMatchObject({ actor: 'system', event: 'moved', from: 'PENDING', to: 'FAILED' });
    expect(await shown(held.messages[0].message_id)).toMatchObject({ status: 'ASSIGNED' });
    expect(await report(phone, held.messages[0].message_id, 'SENT')).toMatchObject({ result: 'updated' });
  });

  it('fails as much as waits, in steps', async () => {
    for (let i = 0; i < 3; i++)
      await submit(
        {},
        Array.from({ length: 150 }, () => person),
      );
    await says('STOP');
    const failed = await shop.admin.get(`/messages/all?to=${encodeURIComponent(person)}&status=FAILED&limit=500`);
    expect(failed.body.items).toHaveLength(450);
  });

  it('stops a message whose lease has run out', async () => {
    const { messages } = await submit();
    await lease(phone, 1);
    gateway.clock.advance(86_400);
    await says('STOP');
    expect(await shown(messages[0].message_id)).toMatchObject({ status: 'FAILED', last_error: 'OPTED_OUT' });
  });

  it('is met in the claim by what was accepted before it was known', async () => {
    const { messages } = await submit({}, [person, '+84903000002']);
    // As another gateway would record it in the moment between acceptance and expansion.
    await gateway.store.collection('opt_outs').insertOne({
      _id: `x:${person}`,
      tenant_id: await tenantOf(gateway),
      recipient: `${await tenantOf(gateway)}:number:${person}`,
      sender: null,
    } as never);
    expect((await lease(phone)).map(({ message_id }) => message_id)).toEqual([messages[1].message_id]);
    expect(await shown(messages[0].message_id)).toMatchObject({
      status: 'FAILED',
      last_error: 'OPTED_OUT',
      attempts: 0,
    });
    await gateway.store.collection('opt_outs').deleteOne({ _id: `x:${person}` });
  });

  it('is counted apart in an import', async () => {
    await says('STOP');
    const accepted = await importCsv(shop.client, `to,CODE\n${person},i1\n0903000009,i1\n`, toShop(shop));
    expect(await worked(gateway, shop.client, accepted)).toMatchObject({
      status: 'done',
      total_messages: 2,
      total_created: 1,
      total_skipped: 0,
      total_opted_out: 1,
    });
  });

  it('takes nothing of the day and no fingerprint', async () => {
    await says('STOP');
    const other = '+84903000003';
    const before = await usedToday(gateway, shop.keyId);
    const body = requestOf(shop, [
      { to: person, variables: { CODE: 'same' } },
      { to: person, variables: { CODE: 'same' } },
      { to: other, variables: { CODE: 'same' } },
    ]);
    for (const totals of [
      { total_created: 1, total_skipped: 0, total_opted_out: 2 },
      { total_created: 0, total_skipped: 1, total_opted_out: 2 },
    ]) {
      const accepted = await accept(shop.client, body);
      expect(accepted).toMatchObject(totals);
      expect(await accept(shop.client.as({}), body)).toBeDefined();
      expect(must(200, await shop.client.get(`/requests/${accepted.request_id}`))).toMatchObject({
        total_opted_out: 2,
        status_counts: { FAILED: 2 },
      });
    }
    expect(await usedToday(gateway, shop.keyId)).toBe(before + 1);
    gateway.clock.advance(1);
    await says('START');
    expect(await accept(shop.client, requestOf(shop, [{ to: person, variables: { CODE: 'same' } }]))).toMatchObject({
      total_created: 1,
    });
  });

  it('of somebody who has used up nothing leaves the last message of the day to others', async () => {
    await says('STOP');
    const small = await openShop(gateway, { dailyLimit: 1 });
    const body = requestOf(small, [
      { to: person, variables: { CODE: 'a' } },
      { to: '+84903000004', variables: { CODE: 'a' } },
    ]);
    expect(await accept(small.client, body)).toMatchObject({ total_created: 1, total_opted_out: 1 });
    expect(await usedToday(gateway, small.keyId)).toBe(1);
  });

  it('lets nobody send a message again before a START', async () => {
    const { messages } = await submit();
    await says('STOP');
    const resend = () => shop.client.post(`/messages/${messages[0].message_id}/resend`);
    expect(await resend()).toMatchObject({ status: 409, body: { code: 'recipient_opted_out' } });
    gateway.clock.advance(1);
    await says('START');
    expect(must(201, await resend())).toMatchObject({ total_created: 1, total_opted_out: 0 });
  });

  it('is not for messages of a template that an administrator has exempted', async () => {
    await says('STOP');
    const change = async (ignores_opt_outs: boolean) =>
      must(200, await shop.admin.put(`/templates/${shop.templateId}`, { ignores_opt_outs }));
    expect(await change(true)).toMatchObject({ ignores_opt_outs: true, is_approved: true });
    const { messages } = await submit();
    expect(messages).toMatchObject([{ status: 'PENDING', ignores_opt_outs: true }]);
    gateway.clock.advance(1);
    await says('STOP');
    expect((await lease(phone)).map(({ message_id }) => message_id)).toContain(messages[0].message_id);
    await report(phone, messages[0].message_id, 'FAILED');
    expect((await shop.client.post(`/messages/${messages[0].message_id}/resend`)).body.total_created).toBe(1);
    expect(await change(false)).toMatchObject({ ignores_opt_outs: false });
    expect((await shop.client.post(`/messages/${messages[0].message_id}/resend`)).status).toBe(409);
    expect((await submit()).total_opted_out).toBe(1);
    const lines = must(200, await shop.admin.get('/admin/audit-logs?action=EXEMPT_TEMPLATE')).items;
    expect(lines.map(({ actor_type, data }: any) => [actor_type, data])).toEqual([
      ['USER', { template_id: shop.templateId, ignores_opt_outs: false }],
      ['USER', { template_id: shop.templateId, ignores_opt_outs: true }],
    ]);
  });

  it('holds for one tenant, and the same text told twice is one opt-out', async () => {
    const text = textFrom(gateway, person, 'STOP');
    for (let i = 0; i < 3; i++) await phone.api.post('/agent/messages/inbound', { messages: [text] });
    await gateway.get(InboundWorker).run();
    expect([(await optOuts()).length, (await confirmations()).length]).toEqual([1, 1]);
    const { asPlatformAdmin } = await addTenant(gateway, shop.admin, `other-${people}`);
    expect(await optOuts(person, asPlatformAdmin)).toEqual([]);
    expect((await asPlatformAdmin.delete(`/opt-outs/${person}`)).status).toBe(404);
    expect(await optOuts()).toHaveLength(1);
  });
});

async function tenantOf(gateway: TestGateway): Promise<string> {
  const [template] = await gateway.store.collection<{ _id: string; tenant_id: string }>('templates').find({});
  return template!.tenant_id;
}
