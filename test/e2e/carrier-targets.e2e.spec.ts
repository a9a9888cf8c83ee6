import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CarrierAccounts } from '../../src/carriers/carrier-accounts.js';
import { CarrierNotes, type CarrierHealth } from '../../src/carriers/carrier-notes.js';
import { DispatchersWorker } from '../../src/dispatch/dispatchers.worker.js';
import type { MessageDoc } from '../../src/messages/message.js';
import { RouteTargets } from '../../src/routing/targets.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import { importCsv, worked } from '../support/csv.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, messagesOf, messagesTo, sendOne } from '../support/sending.js';
import { openShop, registerPhone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { SID, sent, useStandIns } from '../support/stand-in-kinds.js';
import { waitFor } from '../support/wait-for.js';

const ROUTE = 'carrier:twilio';

describe('a carrier as a place to send by', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let texts = 0;
  let code: string;

  const request = (extra: object = {}) => ({
    template_id: shop.templateId,
    route: ROUTE,
    messages: messagesTo(1, code),
    ...extra,
  });
  const stored = (id: string) => gateway.store.collection<MessageDoc>('sms_messages').findOne({ _id: id });
  const put = async (body: object = {}) =>
    must(200, await shop.admin.put('/admin/carriers/twilio', { account_sid: SID(1), auth_token: 'right', ...body }));
  /** Once the dispatcher has handed it over. */
  const sentText = async (text: string, channel = 'sms') => {
    await gateway.get(DispatchersWorker).run();
    await waitFor(() => expect(sent).toContainEqual(expect.objectContaining({ channel, text })));
  };

  beforeAll(async () => {
    gateway = await TestGateway.start();
    useStandIns(gateway);
    shop = await openShop(gateway, { scopes: ['sms:send', 'sms:send_text', 'sms:read'] });
    await put({ from: '+15005550006' });
  });
  beforeEach(() => {
    code = `carried-${++texts}`;
  });
  afterAll(() => gateway.stop());

  it('takes a request, whose answer counts no phones', async () => {
    const accepted = await accept(shop.client, request());
    expect(accepted).toMatchObject({ route: ROUTE, agent_id: null, total_created: 1, total_segments: 1 });
    expect(accepted).not.toHaveProperty('phones_online');
    const [message] = await messagesOf(shop.client, accepted.request_id);
    expect(message).toMatchObject({ route: ROUTE, agent_id: null });
    await sentText(`Ma OTP ${code}`);
    expect(sent.find(({ text }) => text.endsWith(code))).toMatchObject({ channel: 'sms', to: message.to });
  });

  it('is refused where it is not set up, is switched off or is another tenant’s, and so is a SIM', async () => {
    for (const route of ['carrier:pigeon', 'carrier:flowroute'])
      expectError(await shop.client.post('/requests', request({ route })), 404, 'carrier_not_found', 'route');
    const other = await openTenantShop(gateway, 'other');
    const theirs = { ...request(), template_id: other.templateId };
    expectError(await other.client.post('/requests', theirs), 404, 'carrier_not_found', 'route');
    await put({ enabled: false });
    expectError(await shop.client.post('/requests', request()), 404, 'carrier_not_found', 'route');
    await put();
    const sim = request({ messages: [{ to: '0901234567', variables: { CODE: code }, sim_slot: 0 }] });
    expectError(await shop.client.post('/requests', sim), 400, 'invalid_request', 'messages.0.sim_slot');
    expectError(await shop.client.post('/requests', request({ route: 'carrier:' })), 400, 'invalid_request', 'route');
  });

  it('takes texts of as many characters as the carrier does', async () => {
    const send = (text: string) => {
      const { template_id: _, ...rest } = request({ text });
      return shop.client.post('/requests', rest);
    };
    must(201, await send('đ'.repeat(160)));
    const refused = await send('đ'.repeat(161));
    expectError(refused, 400, 'invalid_request', 'messages.0');
    expect(refused.body.message).toContain('161 characters; the route takes 160');
  });

  it('sends by WhatsApp what says so, and resends it so', async () => {
    const body = request({ channel: 'whatsapp' });
    const accepted = await accept(shop.client, body);
    expect(accepted).toMatchObject({ channel: 'whatsapp', total_created: 1, total_segments: 0 });
    expect(must(200, await shop.client.get(`/requests/${accepted.request_id}`))).toMatchObject({ channel: 'whatsapp' });
    const [message] = await messagesOf(shop.client, accepted.request_id);
    expect(message).toMatchObject({ channel: 'whatsapp', to: '+84901000000' });
    expect(message).not.toHaveProperty('segments');
    await sentText(`Ma OTP ${code}`, 'whatsapp');
    // By SMS it is another text; by WhatsApp it is the same.
    expect(await accept(shop.client, request())).toMatchObject({ total_skipped: 0 });
    expect(await accept(shop.client, body)).toMatchObject({ total_skipped: 1 });

    await waitFor(async () => expect((await stored(message.message_id))!.status).toBe('SENT'));
    const resend = (more: object) => shop.client.post(`/messages/${message.message_id}/resend`, more);
    const again = must(201, await resend({}));
    expect(again).toMatchObject({ channel: 'whatsapp', total_segments: 0, resend_of: message.message_id });
    expect((await messagesOf(shop.client, again.request_id))[0]).toMatchObject({ channel: 'whatsapp', route: ROUTE });
    const byPhone = await resend({ route: `agent:${shop.phone.agentId}` });
    expectError(byPhone, 400, 'invalid_request', 'route');
    expect(byPhone.body.message).toContain('does not send whatsapp, only sms');
  });

  it('is needed for WhatsApp: a phone sends SMS, and GSM-7 is for SMS alone', async () => {
    const phone = { agent_id: shop.phone.agentId, route: undefined };
    expectError(
      await shop.client.post('/requests', request({ ...phone, channel: 'whatsapp' })),
      400,
      'invalid_request',
      'channel',
    );
    must(201, await shop.client.post('/requests', request({ ...phone, channel: 'sms' })));
    expectError(await shop.client.post('/requests', request({ channel: 'email' })), 400, 'invalid_request', 'channel');
    const gsm = request({ channel: 'whatsapp', encoding: 'gsm7' });
    expectError(await shop.client.post('/requests', gsm), 400, 'invalid_request', 'encoding');
  });

  it('takes files of numbers too', async () => {
    const parameters = { template_id: shop.templateId, route: ROUTE, channel: 'whatsapp' };
    const file = await importCsv(shop.client, `to,CODE\n0901234567,${code}`, parameters);
    const { import_id } = await worked(gateway, shop.client, file);
    const { request_ids } = must(200, await shop.client.get(`/requests/import/${import_id}`));
    expect(await messagesOf(shop.client, request_ids[0])).toMatchObject([{ channel: 'whatsapp', route: ROUTE }]);
  });

  it('takes over what waits for a phone, but for what is too long', async () => {
    const phone = await registerPhone(gateway, { sims: [{ slot: 0 }] });
    const here = { ...shop, phone };
    const short = await sendOne(here, code);
    const ofSim = await sendOne(here, `${code}-sim`, { sim_slot: 0 });
    const long = await sendOne(here, code.padEnd(300, 'x'), { schedule_at: '2126-12-01T10:00:00Z' });
    const longer = await sendOne(here, code.padEnd(400, 'x'));
    const reassign = (body: object) => shop.admin.post(`/admin/agents/${phone.agentId}/reassign`, body);
    expectError(await reassign({ route: 'carrier:pigeon' }), 400, 'invalid_request', 'route');
    expect(must(200, await reassign({ route: ROUTE }))).toEqual({
      status: 'ok',
      reassigned: 2,
      still_leased: 0,
      too_long: 2,
    });
    for (const { message_id } of [short, ofSim])
      expect(await stored(message_id)).toMatchObject({ route: ROUTE, agent_id: null, sim_slot: null });
    for (const { message_id } of [long, longer])
      expect(await stored(message_id)).toMatchObject({ agent_id: phone.agentId });
    await sentText(`Ma OTP ${code}-sim`);
  });

  it('is online unless it is held or parked', async () => {
    const tenant = await gateway.get(TenantsService).idOf('default');
    const find = () => gateway.get(RouteTargets).find(tenant, { kind: 'carrier', carrier: 'twilio' });
    const usable = {
      agentId: null,
      phones: 1,
      online: 1,
      channels: ['sms', 'whatsapp'],
      characters: 160,
      simSlots: [],
    };
    await put({ from: '+15005550006' });
    expect(await find()).toEqual({ ...usable, sender: '+15005550006', hold: null });
    let health: CarrierHealth = { state: 'parked', since: null, until: null, reason: 'Nobody answers.' };
    gateway.get(CarrierNotes).register('health', () => Promise.resolve(health));
    expect(await find()).toMatchObject({ phones: 1, online: 0 });
    expect(must(200, await shop.admin.get('/admin/carriers/twilio'))).toMatchObject({ health });
    health = { ...health, state: 'ok' };
    expect(await find()).toMatchObject({ online: 1 });
    const accounts = gateway.get(CarrierAccounts);
    const until = new Date(gateway.clock.now().getTime() + 1000);
    await accounts.hold((await accounts.find(tenant, 'twilio'))!, until, '63038', 'The day is used up.');
    expect(await find()).toMatchObject({ phones: 1, online: 0 });
    gateway.clock.advance(2);
    expect(await find()).toMatchObject({ online: 1 });
  });
});
