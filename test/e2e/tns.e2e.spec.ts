import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InboundWorker } from '../../src/inbound/inbound.worker.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { fieldsOf } from '../support/sending.js';
import { lease, registerPhone, report, type Phone } from '../support/shop.js';

const NUMBER = '+84907654321';
const [LAN, HOA] = ['+84901111111', '+84902222222'];

describe('numbers of the pool', () => {
  let gateway: TestGateway;
  let admin: Api;
  let phone: Phone;

  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '6000' });
    admin = await gateway.admin();
    phone = await registerPhone(gateway);
  });
  afterAll(() => gateway.stop());

  const add = (body: object) => admin.post('/admin/tns', { number: NUMBER, agent_id: phone.agentId, ...body });

  it('are the SIMs of phones and the numbers of carriers, as an administrator says', async () => {
    const added = must(201, await add({ number: '0907 654 321' }));
    expect(added).toEqual({
      number: NUMBER,
      agent_id: phone.agentId,
      sim_slot: null,
      carrier: null,
      channels: ['sms'],
      mode: 'shared',
      created_at: gateway.clock.now().toISOString(),
    });
    const ofCarrier = { number: '+12065550100', carrier: 'sandbox', channels: ['sms', 'whatsapp'], mode: 'exclusive' };
    must(201, await admin.post('/admin/tns', ofCarrier));
    expect(must(200, await admin.get('/admin/tns'))).toMatchObject({
      count: 2,
      items: [
        { ...ofCarrier, agent_id: null, sessions: 0 },
        { number: NUMBER, sessions: 0 },
      ],
    });
    must(200, await admin.delete(`/admin/tns/${encodeURIComponent('+12065550100')}`));
    const { items } = must(200, await admin.get('/admin/audit-logs?action=ADD_TN'));
    expect(items[1].data).toEqual({ number: NUMBER, agent_id: phone.agentId, sim_slot: null });
  });

  it('are refused with what is wrong', async () => {
    expectError(await add({}), 409, 'tn_exists');
    expectError(await add({ number: '+84907654322' }), 409, 'tn_exists');
    expect(fieldsOf(await add({ number: 'nobody' }))).toEqual(['number']);
    expect(fieldsOf(await add({ carrier: 'sandbox' }))).toEqual(['agent_id']);
    expect(fieldsOf(await add({ channels: ['voice'] }))).toEqual(['channels']);
    expect(fieldsOf(await add({ agent_id: undefined, carrier: 'sandbox', sim_slot: 1 }))).toEqual(['sim_slot']);
    expectError(await add({ agent_id: undefined, carrier: 'acme' }), 404, 'carrier_not_found');
    expectError(await add({ agent_id: 'agt_01kah3k0000000000000000001' }), 404, 'agent_not_found');
    expectError(await admin.delete('/admin/tns/+84900000000'), 404, 'tn_not_found');
  });

  it('let two people talk through a shop’s own phone, who never see each other’s number', async () => {
    const { participants } = must(200, await admin.post('/sessions', { addresses: [LAN, HOA] }));
    expect(participants.map((one: any) => one.messagingBinding.proxy_address)).toEqual([NUMBER, NUMBER]);
    const hears = async (from: string, text: string) => {
      const received = { from, text, received_at: gateway.clock.now().toISOString() };
      must(200, await phone.api.post('/agent/messages/inbound', { messages: [received] }));
      await gateway.get(InboundWorker).run();
      const jobs = await lease(phone);
      for (const { message_id } of jobs) await report(phone, message_id, 'SENT');
      return jobs.map((job) => [job.to, job.text]);
    };
    expect(await hears(LAN, 'Em đến trong 5 phút, chị Hoa ơi')).toEqual([[HOA, 'Em đến trong 5 phút, chị Hoa ơi']]);
    gateway.clock.advance(1);
    expect(await hears(HOA, 'Vâng ạ')).toEqual([[LAN, 'Vâng ạ']]);
    expectError(await admin.delete(`/admin/tns/${NUMBER}`), 409, 'tn_in_use');
  });
});
