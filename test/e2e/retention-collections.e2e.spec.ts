import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CallbacksWorker } from '../../src/callbacks/callbacks.worker.js';
import { CarrierInbox } from '../../src/carriers/carrier-inbox.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import type { Doc } from '../../src/database/query.js';
import { DAY_MILLIS, later } from '../../src/domain/time.js';
import { Expirables } from '../../src/expirables/expirables.js';
import { chunkId, type ChunkDoc } from '../../src/imports/import.js';
import { RecountWorker } from '../../src/messages/counting/recount.worker.js';
import { Notifications } from '../../src/notifications/notifications.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import type { RequestDoc } from '../../src/requests/request.js';
import { RetentionWorker } from '../../src/retention/retention.worker.js';
import { importCsv, worked } from '../support/csv.js';
import { TestGateway } from '../support/gateway.js';
import { PhonePool, tenantOf } from '../support/masked.js';
import { must } from '../support/people.js';
import { accept, messagesTo, requestOf } from '../support/sending.js';
import { lease, openShop, report, type Phone } from '../support/shop.js';

const DAY = 86_400;
/** In every text that is sent or received. */
const SECRET = 'wild-boar-4711';

/** What stays for ever, and why. */
const STAYS: Record<string, string> = {
  tenants: 'one for each tenant',
  users: 'until an administrator deletes them',
  api_keys: 'messages and reports name them, also the disabled ones',
  templates: 'until somebody deletes them',
  opt_outs: 'until the person or an administrator takes them back, for they hold for ever',
  people: 'until somebody deletes them',
  clients: 'until an administrator deletes them',
  push_tokens: 'until the provider knows them no more, and 90 days after that',
  topics: 'until somebody deletes them',
  topic_subscriptions: 'until the subscriber ends them or somebody deletes the topic',
  agents: 'messages and reports name them, also the ones that are gone',
  carrier_read_marks: 'one for each account at a carrier',
  virtual_tns: 'the pool, until somebody removes a number',
  carrier_accounts: 'one for each tenant and carrier, until an administrator removes it',
  app_config: 'settings: one for each tenant, and a few of the store',
  retention_states: 'a few for each tenant',
  parked: 'a few rows, if any, until an administrator lets them go',
  report_hours: 'sums of hours: they are what is left of messages',
};
/** What its owner clears away in its own work. */
const CLEARED: Record<string, string> = {
  report_minutes: 'with the messages of their hour',
  report_marks: 'when their minute was counted anew',
  unknown_texts: 'once the hook was asked, after two minutes at most',
};

describe('every collection', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '100000', JWT_ACCESS_MINUTES: '1000000' });
    await beBusy();
  });
  afterAll(() => gateway.stop());

  const rows = <T extends Doc>(collection: string) => gateway.store.collection<T>(collection).find({});
  const registered = () => new Set(gateway.get(Expirables).all.map(({ collection }) => collection));
  async function passAfter(days: number): Promise<void> {
    gateway.clock.advance(days * DAY);
    await gateway.get(QueueWorker).run();
    await gateway.get(RecountWorker).run();
    await gateway.get(RetentionWorker).run();
  }

  /** Something of everything, also what only a crash leaves. */
  async function beBusy(): Promise<void> {
    const shop = await openShop(gateway, { scopes: ['sms:send', 'sms:send_text', 'sms:read'] });
    const settings = { blank_texts_after_days: 7, remove_messages_after_days: 40, remove_audit_logs_after_days: 40 };
    must(200, await shop.admin.put('/admin/settings', settings));
    must(401, await gateway.api.post('/auth/login', { username: 'admin', password: 'wrong-horse-battery' }));
    const keyed = shop.client.as({ 'idempotency-key': 'once' });
    const { request_id } = await accept(keyed, requestOf(shop, messagesTo(3, SECRET)));
    const [first] = await lease(shop.phone, 2);
    await report(shop.phone, first!.message_id, 'DELIVERED');
    const inbound = { from: '+84901234567', text: SECRET, received_at: gateway.clock.now().toISOString() };
    must(200, await shop.phone.api.post('/agent/messages/inbound', { messages: [inbound] }));
    await receiveByCarrier();
    await talkMasked(shop.phone);
    await tell();
    const parameters = { text: SECRET, agent_id: shop.phone.agentId, skip_bad_lines: 'true' };
    const file = await importCsv(shop.client, 'to\nnobody\n0901234569', parameters);
    const { import_id } = await worked(gateway, shop.client, file);
    await leaveBehind(request_id, import_id);
  }

  /** A notification that has all its messages. */
  async function tell(): Promise<void> {
    const tenant = await tenantOf(gateway);
    const order = { clientId: 'system', title: SECRET, text: SECRET, audience: [{ sms: '+84901234573' }] };
    await gateway.get(Notifications).tell(tenant, { ...order, series: 'message' });
  }

  /** A session that is over; what was said in it stands in its messages. */
  async function talkMasked(phone: Phone): Promise<void> {
    const masked = new PhonePool(gateway, await tenantOf(gateway), phone);
    await masked.add('+84906000001');
    const { _id } = await masked.open(['+84901234571', '+84901234572']);
    await masked.hear('+84901234571', SECRET);
    await masked.sessions.close(masked.tenant, _id, SECRET);
    expect(await rows('proxy_sessions')).toHaveLength(1);
  }

  /** What is worked through keeps no text; what isn't goes after seven days. */
  async function receiveByCarrier(): Promise<void> {
    const { tenant_id: tenant } = (await rows<Doc & { tenant_id: TenantId }>('inbound_messages'))[0]!;
    const event = { kind: 'inbound', ref: 'SM1', channel: 'sms', from: '+84901234567', to: '+84907654321' } as const;
    const text = { ...event, text: SECRET, received_at: null };
    await gateway.get(CarrierInbox).put([{ tenant, carrier: 'twilio', accountId: 'AC1', event: text }]);
    await gateway.get(CallbacksWorker).run();
    expect(await rows('callbacks')).toHaveLength(1);
  }

  /** A request that can't be expanded, and a chunk of an import that is over. */
  async function leaveBehind(requestId: string, importId: string): Promise<void> {
    const requests = gateway.store.collection<RequestDoc>('sms_requests');
    const payload = { content: `${SECRET} {CODE}`, recipients: [{ to: '+84901234567', priority: 'NORMAL' }] };
    await requests.updateOne({ _id: requestId }, { $set: { ...payload, expanded: false } });
    await gateway.store.collection<ChunkDoc>('import_chunks').insertOne({
      _id: chunkId(importId, 1),
      tenant_id: (await rows<Doc & { tenant_id: TenantId }>('imports'))[0]!.tenant_id,
      messages: [{ to: '0901234567', variables: { CODE: SECRET } }],
      purge_at: later(gateway.clock.now(), 35 * DAY_MILLIS),
    });
  }

  it('has a way to go or a reason to stay, and one only', async () => {
    const declared = COLLECTIONS.map(({ name }) => name);
    expect((await gateway.store.collectionNames()).filter((name) => !declared.includes(name))).toEqual([]);
    const going = new Set([...registered(), ...COLLECTIONS.filter(expiringField).map(({ name }) => name)]);
    expect([...going, ...Object.keys(STAYS), ...Object.keys(CLEARED)].sort()).toEqual(declared.sort());
  });

  it('that goes by a time of its rows has it in each of them', async () => {
    for (const spec of COLLECTIONS.filter(({ name }) => !registered().has(name))) {
      const field = expiringField(spec);
      if (!field) continue;
      const without = (await rows<Doc & { kind?: string }>(spec.name)).filter(
        // A tenant's serial numbers go on for ever: none is given twice.
        (row) => row.kind !== 'serial' && !((row as unknown as Record<string, unknown>)[field] instanceof Date),
      );
      expect([spec.name, without]).toEqual([spec.name, []]);
    }
    const counters = await rows<Doc & { kind: string }>('counters');
    expect(new Set(counters.map(({ kind }) => kind))).toEqual(new Set(['idempotency', 'limit', 'pace', 'serial']));
  });

  it('is without a text once the days of texts are over', async () => {
    const withSecret = async () => {
      const names = COLLECTIONS.map(({ name }) => name);
      const holding = await Promise.all(names.map(async (name) => JSON.stringify(await rows(name)).includes(SECRET)));
      return names.filter((_, i) => holding[i]).sort();
    };
    expect(await withSecret()).toEqual([
      'import_chunks',
      'imports',
      'inbound_messages',
      'notifications',
      'sms_messages',
      'sms_requests',
    ]);
    await passAfter(8);
    expect(await withSecret()).toEqual([]);
  });

  it('that is not to stay is empty once all days are over', async () => {
    await passAfter(41);
    // What a removal itself marked is counted in the next turn; what a turn had no time for is removed in the next.
    for (let turn = 0; turn < 3; turn++) await passAfter(1);
    for (const name of [...registered(), ...Object.keys(CLEARED)]) expect([name, await rows(name)]).toEqual([name, []]);
    expect(await rows('report_hours')).not.toEqual([]);
  });
});

/** The field whose time removes a row by itself. */
function expiringField({ indexes }: (typeof COLLECTIONS)[number]): string | undefined {
  const index = indexes.find(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
  return index && Object.keys(index.keys)[0];
}
