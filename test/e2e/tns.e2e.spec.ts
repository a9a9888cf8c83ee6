import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { InboundWorker } from '../../src/inbound/inbound.worker.js';
import type { NewSession } from '../../src/proxy/new-session.js';
import type { SessionDoc } from '../../src/proxy/session.js';
import { Sessions } from '../../src/proxy/sessions.js';
import { SessionsRepository } from '../../src/proxy/sessions.repository.js';
import { SessionsWorker } from '../../src/proxy/sessions.worker.js';
import type { TnDoc } from '../../src/proxy/tn.js';
import { TnsRepository } from '../../src/proxy/tns.repository.js';
import type { Answer, Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { openedOf, tenantOf } from '../support/masked.js';
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

  describe('changed', () => {
    const CARRIER_TN = '+12065550101';
    const change = (body: object, number = CARRIER_TN) => admin.patch(`/admin/tns/${encodeURIComponent(number)}`, body);
    const inUse = (answer: Answer, field: string) => {
      expectError(answer, 409, 'tn_in_use');
      expect(fieldsOf(answer)).toEqual([field]);
    };
    let people = 100;
    /** Two people who see the carrier's number. */
    const open = async (order: Partial<NewSession> = {}) => {
      const sides = [1, 2].map(() => ({
        address: `+1206555${2000 + ++people}`,
        channel: 'sms' as const,
        tn: CARRIER_TN,
      }));
      const tenant = await tenantOf(gateway);
      return openedOf(await gateway.get(Sessions).open(tenant, { participants: sides, numbers: 'each', ...order }));
    };
    const close = async ({ _id }: SessionDoc) => gateway.get(Sessions).close(await tenantOf(gateway), _id);
    const stored = async ({ _id }: SessionDoc) =>
      (await gateway.store.collection<SessionDoc>('proxy_sessions').findOne({ _id }))!;

    beforeAll(async () => {
      must(201, await admin.post('/admin/tns', { number: CARRIER_TN, carrier: 'sandbox', channels: ['sms', 'voice'] }));
    });

    it('while nobody uses it: whose it is, its channels and its mode, which is audited', async () => {
      const spare = await registerPhone(gateway);
      expect(must(200, await change({ agent_id: spare.agentId, channels: ['sms'], sim_slot: 1 }))).toMatchObject({
        number: CARRIER_TN,
        agent_id: spare.agentId,
        sim_slot: 1,
        carrier: null,
        channels: ['sms'],
        mode: 'shared',
      });
      expect(must(200, await change({ sim_slot: null }))).toMatchObject({ agent_id: spare.agentId, sim_slot: null });
      const back = { carrier: 'sandbox', channels: ['sms', 'voice'], mode: 'exclusive' };
      expect(must(200, await change(back))).toMatchObject({ ...back, agent_id: null });
      // The SIM is free again.
      must(201, await admin.post('/admin/tns', { number: '+84907654399', agent_id: spare.agentId }));
      expectError(await change({ agent_id: spare.agentId, channels: ['sms'] }), 409, 'tn_exists');
      must(200, await admin.delete('/admin/tns/+84907654399'));
      expect(must(200, await change({ mode: 'shared' }))).toMatchObject({ mode: 'shared', carrier: 'sandbox' });
      const { items } = must(200, await admin.get('/admin/audit-logs?action=CHANGE_TN'));
      expect(items[0].data).toEqual({ number: CARRIER_TN, mode: 'shared' });
      expect(items).toHaveLength(4);
    });

    it('refuses what makes no sense', async () => {
      expect(fieldsOf(await change({ carrier: 'sandbox', agent_id: phone.agentId }))).toEqual(['agent_id']);
      expect(fieldsOf(await change({ sim_slot: 1 }))).toEqual(['sim_slot']);
      expect(fieldsOf(await change({ agent_id: phone.agentId }))).toEqual(['channels']);
      expect(fieldsOf(await change({ channels: [] }))).toEqual(['channels']);
      expect(fieldsOf(await change({ number: '+12065550199' }))).toEqual(['number']);
      expectError(await change({ carrier: 'acme' }), 404, 'carrier_not_found');
      expectError(await change({ mode: 'shared' }, '+84900000000'), 404, 'tn_not_found');
    });

    it('keeps its owner and the channels that are used while a session uses it', async () => {
      const session = await open();
      inUse(await change({ agent_id: phone.agentId, channels: ['sms'] }), 'agent_id');
      inUse(await change({ channels: ['voice'] }), 'channels');
      inUse(await change({ channels: ['sms'] }), 'channels');
      expect((await change({ channels: ['sms'] })).body.message).toContain(session._id);
      must(200, await change({ channels: ['sms', 'voice', 'whatsapp'] }));
      must(200, await change({ channels: ['sms', 'voice'] }));
      must(200, await change({ carrier: 'sandbox' }));
      await close(session);
      must(200, await change({ channels: ['sms'] }));
      must(200, await change({ channels: ['sms', 'voice'] }));
    });

    it('becomes exclusive while one session uses it, which has all of it then', async () => {
      const first = await open();
      const second = await open();
      inUse(await change({ mode: 'exclusive' }), 'mode');
      expect(must(200, await admin.get('/admin/tns')).items).toContainEqual(
        expect.objectContaining({ number: CARRIER_TN, mode: 'shared', sessions: 2 }),
      );
      await close(second);
      must(200, await change({ mode: 'exclusive' }));
      expect((await stored(first)).claims).toContain(`${CARRIER_TN}|*`);
      await expect(open()).rejects.toThrow('exhausted');
      must(200, await change({ mode: 'shared' }));
      expect((await stored(first)).claims).not.toContain(`${CARRIER_TN}|*`);
      const third = await open();
      for (const session of [first, third]) await close(session);
    });

    it('is taken by no session meanwhile, also by one that had chosen it before', async () => {
      const sessions = gateway.get(SessionsRepository);
      const insertNew = sessions.insertNew.bind(sessions);
      const racing = jest.spyOn(sessions, 'insertNew');
      // The number is looked at before, and the session is stored after it was changed.
      racing.mockImplementationOnce(async (session) => {
        must(200, await change({ mode: 'exclusive' }));
        return insertNew(session);
      });
      const session = await open();
      expect((await stored(session)).claims).toContain(`${CARRIER_TN}|*`);
      racing.mockRestore();
      await close(session);
      // And the session is stored in the middle of the change.
      const tns = gateway.get(TnsRepository);
      const write = tns.change.bind(tns);
      const changing = jest.spyOn(tns, 'change').mockImplementationOnce(async (...given) => {
        await expect(open()).rejects.toThrow('exhausted');
        return write(...given);
      });
      must(200, await change({ mode: 'shared' }));
      changing.mockRestore();
    });

    it('by a gateway that died then is free again a minute later', async () => {
      const tns = gateway.store.collection<TnDoc>('virtual_tns');
      await tns.updateOne({ number: CARRIER_TN }, { $set: { changing_at: gateway.clock.now() } });
      expectError(await change({ mode: 'exclusive' }), 409, 'tn_busy');
      gateway.clock.advance(61);
      await gateway.get(SessionsWorker).run();
      must(200, await change({ mode: 'exclusive' }));
      must(200, await admin.delete(`/admin/tns/${encodeURIComponent(CARRIER_TN)}`));
    });
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
