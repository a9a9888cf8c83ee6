import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CarrierAccounts } from '../../src/carriers/carrier-accounts.js';
import type { OpenAccount } from '../../src/carriers/open-account.js';
import { RecipientEvents } from '../../src/carriers/recipient-events.js';
import { idMaker } from '../../src/common/ids.js';
import { asTenantId, type TenantId } from '../../src/common/tenant-id.js';
import { InboundHandlers } from '../../src/inbound/inbound-handlers.js';
import type { InboundDoc } from '../../src/inbound/inbound-message.js';
import type { Head } from '../../src/messages/candidate.js';
import { QueueRepository } from '../../src/messages/queue.repository.js';
import { OptOutGate } from '../../src/sending-rules/opt-out-gate.js';
import { RouteTargets } from '../../src/routing/targets.js';
import { TestGateway } from '../support/gateway.js';
import { optOutsOf, ownTexts } from '../support/opt-outs.js';
import { must } from '../support/people.js';
import { accept } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';

const SERVICE = 'MG0123456789abcdef0123456789abcdef';
const OUR_NUMBER = '+14155550100';

/** Two carriers: one whose texts come by a service, one whose sender isn't fixed. */
describe('opting out at a carrier', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let tenant: TenantId;
  let person: string;
  let people = 0;
  let nextId: () => string;

  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(gateway, { scopes: ['sms:send', 'sms:send_text', 'sms:read'] });
    const [template] = await gateway.store.collection<{ _id: string; tenant_id: string }>('templates').find({});
    tenant = asTenantId(template!.tenant_id);
    nextId = idMaker('inb', () => gateway.clock.now());
    const senders: Record<string, string | null> = { twilio: SERVICE, flowroute: null };
    gateway.get(RouteTargets).register({
      kind: 'carrier',
      form: 'carrier:<name>',
      absent: { code: 'carrier_not_found', message: 'No such carrier', advice: 'Add one.' },
      find: (_tenant, { carrier }) =>
        Promise.resolve(
          carrier in senders
            ? {
                agentId: null,
                simSlots: [],
                phones: 1,
                online: 1,
                channels: ['sms', 'whatsapp'],
                characters: null,
                sender: senders[carrier]!,
              }
            : null,
        ),
    });
    jest
      .spyOn(gateway.get(CarrierAccounts), 'find')
      .mockImplementation((_tenant, name) => Promise.resolve({ name, sender: senders[name] ?? null } as OpenAccount));
  });
  beforeEach(() => {
    person = `+84904${String(100_000 + ++people)}`;
    gateway.clock.advance(1);
  });
  afterAll(() => gateway.stop());

  /** A text that a carrier received, as it is handed to the handlers. */
  function received(text: string, extra: Partial<InboundDoc> = {}): InboundDoc {
    const now = gateway.clock.now();
    const doc = {
      _id: nextId(),
      tenant_id: tenant,
      agent_id: null,
      from: person,
      to: OUR_NUMBER,
      text,
      sim_slot: null,
    };
    const more = {
      external_id: null,
      received_at: now,
      created_at: now,
      dedupe: '',
      channel: 'sms',
      carrier: 'twilio',
    };
    return { ...doc, ...more, ...extra } as unknown as InboundDoc;
  }
  const handle = (text: InboundDoc) => gateway.get(InboundHandlers).handle(text);
  const tell = (event: object = {}) =>
    gateway.get(RecipientEvents).tell({
      tenant,
      kind: 'opted_out',
      channel: 'sms',
      address: person,
      sender: SERVICE,
      carrier: 'twilio',
      code: '21610',
      at: gateway.clock.now(),
      sent_at: gateway.clock.now(),
      ...event,
    });
  const optOuts = () => optOutsOf(shop.admin, person);
  const sendersOf = async () => (await optOuts()).map(({ sender }) => sender).sort();
  let texts = 0;
  const submit = (route: string) =>
    accept(shop.client, { text: `hello ${++texts}`, route, messages: [{ to: person }] });
  /** Whether a message of each route is stopped. */
  async function stopped(...routes: string[]): Promise<boolean[]> {
    const results = [];
    for (const route of routes) results.push((await submit(route)).total_opted_out === 1);
    return results;
  }
  const settings = async (body: object) => must(200, await shop.admin.put('/admin/settings', body));
  const phone = () => `agent:${shop.phone.agentId}`;

  it('is known from the carrier’s refusal, and holds for that sender alone', async () => {
    const waiting = await submit('carrier:twilio');
    const other = await submit('carrier:flowroute');
    await tell();
    await tell();
    expect(await optOuts()).toMatchObject([
      { sender: SERVICE, source: 'carrier', carrier: 'twilio', code: '21610', word: null, inbound_id: null },
    ]);
    expect(await stopped('carrier:twilio', 'carrier:flowroute', phone())).toEqual([true, false, false]);
    const statuses = async ({ request_id }: { request_id: string }) =>
      must(200, await shop.client.get(`/requests/${request_id}`)).status_counts;
    expect([await statuses(waiting), await statuses(other)]).toEqual([{ FAILED: 1 }, { PENDING: 1 }]);
    expect(await ownTexts(gateway, person)).toEqual([]);
  });

  it('holds for the carrier where its sender is not fixed', async () => {
    await tell({ sender: null, carrier: 'flowroute', code: '1110' });
    expect(await sendersOf()).toEqual(['carrier:flowroute']);
    expect(await stopped('carrier:flowroute', 'carrier:twilio')).toEqual([true, false]);
  });

  it('is no matter of dead addresses and of other channels', async () => {
    await tell({ kind: 'dead_address' });
    await tell({ channel: 'email', address: 'a@example.com' });
    expect(await optOuts()).toEqual([]);
  });

  it('by a word holds for the tenant, and is confirmed by the number that was written to', async () => {
    const stop = received('STOP', { channel: 'whatsapp' });
    for (let i = 0; i < 3; i++) await handle(stop);
    await handle(received('stop'));
    expect(await optOuts()).toMatchObject([
      { sender: null, source: 'keyword', carrier: 'twilio', inbound_id: stop._id },
    ]);
    expect(await stopped('carrier:twilio', 'carrier:flowroute', phone())).toEqual([true, true, true]);
    expect(await ownTexts(gateway, person)).toMatchObject([
      { route: 'carrier:twilio', channel: 'whatsapp', from: OUR_NUMBER, ignores_opt_outs: true, status: 'PENDING' },
    ]);
  });

  it('is confirmed after a gateway died between the opt-out and its confirmation', async () => {
    const stop = received('STOP');
    await handle(stop);
    await gateway.store.collection('sms_messages').deleteMany({ to: person } as never);
    await handle(stop);
    expect(await ownTexts(gateway, person)).toHaveLength(1);
  });

  it('is not confirmed where the carrier has answered itself', async () => {
    await handle(received('Leave me alone', { keyword: 'stop' }));
    expect(await optOuts()).toMatchObject([{ word: null, source: 'keyword' }]);
    expect(await ownTexts(gateway, person)).toEqual([]);
    await handle(received('hello again', { keyword: 'start' }));
    expect(await optOuts()).toEqual([]);
  });

  it('holds for the sender that was written to, where the tenant wants that', async () => {
    await settings({ opt_out_scope: 'sender' });
    await handle(received('STOP'));
    expect(await sendersOf()).toEqual([OUR_NUMBER, SERVICE].sort());
    expect(await ownTexts(gateway, person)).toHaveLength(1);
    expect(await stopped('carrier:twilio', 'carrier:flowroute', phone())).toEqual([true, false, false]);
    await handle(received('START'));
    expect(await sendersOf()).toEqual([]);
    await handle(received('STOP', { carrier: 'flowroute' }));
    expect(await stopped('carrier:twilio', 'carrier:flowroute')).toEqual([false, true]);
    // A phone's texts have no fixed sender: a STOP to a phone can only be meant for everything.
    await handle(received('STOP', { carrier: undefined, agent_id: shop.phone.agentId } as never));
    expect(await sendersOf()).toContain(null);
    await settings({ opt_out_scope: null });
  });

  it('is taken back for the tenant and for the sender that the START was written to', async () => {
    await tell();
    await tell({ sender: 'carrier:other' });
    await handle(received('STOP'));
    expect(await sendersOf()).toHaveLength(3);
    await handle(received('START'));
    expect(await sendersOf()).toEqual(['carrier:other']);
  });

  it('of one sender is judged in the claim by the number that a message has to leave by', async () => {
    await tell({ sender: OUR_NUMBER });
    const { request_id } = await submit('carrier:twilio');
    const [head] = (await gateway.get(QueueRepository).heads(`${tenant}:carrier:twilio`, 500)).filter(
      ({ to }) => to === person,
    ) as [Head];
    expect(head._id.slice(4, 30)).toBe(request_id.slice(4));
    const judge = (from?: string) => gateway.get(OptOutGate).judge([from ? { ...head, from } : head]);
    expect([await judge(), await judge(OUR_NUMBER), await judge('+14155550199')]).toEqual([
      ['pass'],
      [{ fail: 'OPTED_OUT' }],
      ['pass'],
    ]);
  });
});
