import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Client } from '../../src/auth/principal.js';
import { messageId, newId } from '../../src/common/ids.js';
import { asTenantId, type TenantId } from '../../src/common/tenant-id.js';
import { StoreFailure } from '../../src/common/store-failure.js';
import { fingerprint } from '../../src/domain/fingerprint.js';
import { MessagesRepository } from '../../src/messages/messages.repository.js';
import { Acceptance } from '../../src/requests/acceptance.js';
import type { DailyCountDoc } from '../../src/counters/daily-counts.repository.js';
import type { FingerprintDoc } from '../../src/requests/fingerprints.repository.js';
import { Preparation } from '../../src/requests/preparation.js';
import { RecoveryWorker } from '../../src/requests/recovery.worker.js';
import type { RequestDoc } from '../../src/requests/request.js';
import { TestGateway } from '../support/gateway.js';
import { accept, isoIn, messagesOf, messagesTo, numberOf, requestOf, usedToday } from '../support/sending.js';
import { createKey, lease, openShop, type Shop } from '../support/shop.js';

const LIMIT = 5;

/** What a gateway leaves that died between two steps of acceptance, written by hand. */
describe('what a gateway that died left behind', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let apiKey: string;
  let tenant: TenantId;
  let requestId: string;

  beforeEach(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '60', AGENT_RATE_LIMIT_PER_MIN: '100000' });
    const key = await createKey(await gateway.admin(), ['sms:send', 'sms:read'], LIMIT);
    apiKey = key.plain_key;
    shop = { ...(await openShop(gateway)), keyId: key.id, client: gateway.api.withKey(apiKey) };
    tenant = await tenantOf(key.id);
    requestId = newId('req');
  });
  afterEach(() => gateway.stop());

  const requests = () => gateway.store.collection<RequestDoc>('sms_requests');
  const fingerprints = () => gateway.store.collection<FingerprintDoc>('fingerprints');
  const counters = () => gateway.store.collection<DailyCountDoc>('counters');
  const counterId = () => `limit:${shop.keyId}:${isoIn(gateway, 0).slice(0, 10)}`;

  /** Step 1 for `n` messages. */
  async function leaveHold(n: number): Promise<void> {
    const at = gateway.clock.now();
    await counters().insertOne({
      _id: counterId(),
      tenant_id: tenant,
      kind: 'limit',
      day: at.toISOString().slice(0, 10),
      used: n,
      holds: { [requestId]: { n, at } },
      purge_at: new Date(at.getTime() + 8 * 86_400_000),
    });
  }

  /** Step 2 for the codes, each to the number of its place. */
  async function leaveFingerprints(...codes: string[]): Promise<void> {
    const at = gateway.clock.now();
    await fingerprints().insertMany(
      codes.map((code, i) => ({
        _id: `${tenant}:${fingerprint(numberOf(i), `Ma OTP ${code}`)}`,
        tenant_id: tenant,
        request_id: requestId,
        message_id: messageId(requestId, i),
        at,
        expires_at: new Date(at.getTime() + 3_600_000),
      })),
    );
  }

  /** Step 3: three recipients, of whom the last is a duplicate. */
  function committed(): RequestDoc {
    const now = gateway.clock.now();
    return {
      _id: requestId,
      tenant_id: tenant,
      client_id: shop.keyId,
      template_id: shop.templateId,
      content: 'Ma OTP {CODE} {SHOP}',
      is_template: true,
      variables: { SHOP: 'all', CODE: 'all' },
      agent_id: shop.phone.agentId,
      route: `agent:${shop.phone.agentId}`,
      metadata: null,
      expires_at: new Date(now.getTime() + 7_200_000),
      ttl_seconds: 3600,
      resend_of: null,
      total_created: 2,
      total_skipped: 1,
      total_segments: 2,
      expanded: false,
      recipients: [
        { to: numberOf(0), priority: 'LOW', variables: { CODE: 'own' } },
        { to: numberOf(1), priority: 'HIGH', schedule_at: new Date(now.getTime() + 3_600_000) },
        { to: numberOf(2), priority: 'NORMAL', duplicate: true },
      ],
      counter_id: counterId(),
      created_at: now,
    };
  }

  /** The next gateway starts, by default when everything of the last one has grown old. */
  async function restart(secondsLater = 61): Promise<void> {
    gateway.clock.advance(secondsLater);
    await gateway.restart();
    const phone = { ...shop.phone, api: gateway.api.withToken(shop.phone.token) };
    shop = { ...shop, client: gateway.api.withKey(apiKey), phone };
  }

  it('a committed request is completed at the start', async () => {
    await leaveHold(3);
    const request = committed();
    await requests().insertOne(request);
    await restart();
    const messages = await messagesOf(shop.client, requestId);
    const at = request.created_at.toISOString();
    expect(messages).toMatchObject([
      { to: numberOf(0), text: 'Ma OTP own all', status: 'PENDING', priority: 'LOW', created_at: at },
      { to: numberOf(1), text: 'Ma OTP all all', status: 'PENDING', priority: 'HIGH', created_at: at },
      { to: numberOf(2), text: 'Ma OTP all all', status: 'CANCELED', last_error: 'DUPLICATE_RECENT' },
    ]);
    expect(messages.map(({ expires_at }) => expires_at)).toEqual(
      [3600, 7200, 3600].map((seconds) => new Date(request.created_at.getTime() + seconds * 1000).toISOString()),
    );
    expect((await shop.client.get(`/requests/${requestId}`)).body).toMatchObject({
      total_created: 2,
      total_skipped: 1,
      status_counts: { PENDING: 2, CANCELED: 1 },
    });
    expect((await lease(shop.phone)).map(({ text }) => text)).toEqual(['Ma OTP own all']);
    // The payload has gone, the duplicate was given back, and nothing is left to recover.
    const stored = await requests().findOne({ _id: requestId });
    expect(stored!.expanded).toBe(true);
    expect([stored!.recipients, stored!.content, stored!.variables]).toEqual([undefined, undefined, undefined]);
    expect(await usedToday(gateway, shop.keyId)).toBe(2);
  });

  it('a half expanded request is completed without touching what is there', async () => {
    const request = committed();
    await requests().insertOne(request);
    await gateway.get(RecoveryWorker).run();
    const [first] = await lease(shop.phone);
    await gateway.store.collection('sms_messages').deleteOne({ _id: messageId(requestId, 1) });
    const { recipients, content, variables } = request;
    await requests().updateOne({ _id: requestId }, { $set: { expanded: false, recipients, content, variables } });
    await restart();
    expect((await messagesOf(shop.client, requestId)).map(({ status, attempts }) => [status, attempts])).toEqual([
      ['ASSIGNED', 1],
      ['PENDING', 0],
      ['CANCELED', 0],
    ]);
    expect((await messagesOf(shop.client, requestId))[0].message_id).toBe(first!.message_id);
  });

  it('a hold of a request that never committed is given back', async () => {
    await leaveHold(LIMIT);
    expect((await shop.client.post('/requests', requestOf(shop, messagesTo(1)))).status).toBe(429);
    await restart();
    expect(await usedToday(gateway, shop.keyId)).toBe(0);
    expect(await accept(shop.client, requestOf(shop, messagesTo(LIMIT)))).toMatchObject({ total_created: LIMIT });
    expect(await requests().findOne({ _id: requestId })).toMatchObject({ tombstone: true });
    expect((await shop.client.get(`/requests/${requestId}`)).status).toBe(404);
    expect((await shop.client.get('/requests')).body.count).toBe(1);
  });

  // On MongoDB another gateway may still be at work on it: there only age tells.
  (process.env['E2E_STORE'] === 'mongo' ? it.skip : it)(
    'a hold is given back at once where one process owns the data',
    async () => {
      await leaveHold(LIMIT);
      await restart(1);
      expect(await usedToday(gateway, shop.keyId)).toBe(0);
    },
  );

  it('a hold is given back by a later turn of a gateway that never stopped', async () => {
    await leaveHold(2);
    await gateway.get(RecoveryWorker).run();
    expect((await counters().findOne({ _id: counterId() }))!.used).toBe(2);
    gateway.clock.advance(61);
    await gateway.get(RecoveryWorker).run();
    expect(await counters().findOne({ _id: counterId() })).toMatchObject({ used: 0, holds: {} });
  });

  it('a hold is given back also when the day is over', async () => {
    await leaveHold(2);
    const left = counterId();
    await restart(86_400);
    expect(await counters().findOne({ _id: left })).toMatchObject({ used: 0, holds: {} });
  });

  it('a hold is given back behind however many other keys’', async () => {
    const { created_at: at, expires_at: purge_at } = committed();
    const day = isoIn(gateway, 0).slice(0, 10);
    const others = Array.from({ length: 200 }, (_, i) => ({
      _id: `limit:key_${String(i).padStart(3, '0')}:${day}`,
      tenant_id: tenant,
      kind: 'limit' as const,
      day,
      used: 1,
      holds: {},
      purge_at,
    }));
    await counters().insertMany([
      ...others,
      { ...others[0]!, _id: `limit:key_zzz:${day}`, holds: { [requestId]: { n: 1, at } } },
    ]);
    await restart();
    expect(await counters().findOne({ _id: `limit:key_zzz:${day}` })).toMatchObject({ used: 0, holds: {} });
  });

  it('the share of duplicates is given back also when the messages are all there', async () => {
    await leaveHold(3);
    const { recipients: _, content: _content, variables: _variables, ...expanded } = committed();
    await requests().insertOne({ ...expanded, expanded: true });
    await restart();
    expect(await counters().findOne({ _id: counterId() })).toMatchObject({ used: 2, holds: {} });
  });

  it('a committed request is not through before its messages are there', async () => {
    const request = committed();
    await requests().insertOne(request);
    const away = new StoreFailure('unavailable', new Error('away'));
    jest.spyOn(gateway.get(MessagesRepository), 'insertMissing').mockRejectedValueOnce(away);
    await gateway.get(RecoveryWorker).run();
    expect(await requests().findOne({ _id: requestId })).toEqual(request);
    await gateway.get(RecoveryWorker).run();
    expect(await messagesOf(shop.client, requestId)).toHaveLength(3);
  });

  it('fingerprints of a request that never committed make nothing a duplicate', async () => {
    await leaveHold(2);
    await leaveFingerprints('1', '1');
    await restart();
    const again = await accept(shop.client, requestOf(shop, messagesTo(2)));
    expect(again).toMatchObject({ total_created: 2, total_skipped: 0 });
    expect(await requests().findOne({ _id: requestId })).toMatchObject({ tombstone: true });
    expect(await usedToday(gateway, shop.keyId)).toBe(2);
    expect(await accept(shop.client, requestOf(shop, messagesTo(2)))).toMatchObject({ total_skipped: 2 });
  });

  it('fingerprints without a hold are found by whoever meets them', async () => {
    await leaveFingerprints('1');
    gateway.clock.advance(61);
    const again = await accept(shop.admin, requestOf(shop, messagesTo(1)));
    expect(again).toMatchObject({ total_created: 1 });
    expect(await requests().findOne({ _id: requestId })).toMatchObject({ tombstone: true });
  });

  it('young fingerprints are waited for, and the client is told to come again', async () => {
    await leaveFingerprints('1');
    const busy = await shop.client.post('/requests', requestOf(shop, messagesTo(1)));
    expect([busy.status, busy.body.code, busy.headers.get('retry-after')]).toEqual([503, 'busy', '1']);
    expect(await usedToday(gateway, shop.keyId)).toBe(0);
    expect((await shop.client.get('/requests')).body.count).toBe(0);
  });

  /** Acceptance of the request that left the traces. */
  async function acceptAgain(body: unknown) {
    const client: Client = {
      kind: 'client',
      id: shop.keyId,
      tenant,
      name: 'SafeShop',
      scopes: ['sms:send'],
      dailyLimit: LIMIT,
    };
    const prepared = await gateway.get(Preparation).prepare(client, body as never, requestId);
    return gateway.get(Acceptance).accept(prepared);
  }

  it('a request that somebody took for dead can not commit any more', async () => {
    const body = requestOf(shop, messagesTo(2));
    await requests().insertOne({
      _id: requestId,
      tenant_id: tenant,
      tombstone: true,
      expanded: true,
      created_at: gateway.clock.now(),
    } as RequestDoc);
    await expect(acceptAgain(body)).rejects.toMatchObject({ status: 503, code: 'busy' });
    expect(await usedToday(gateway, shop.keyId)).toBe(0);
    expect(await fingerprints().count({})).toBe(0);
    expect((await shop.client.get('/messages/all')).body.count).toBe(0);
    expect(await accept(shop.client, body)).toMatchObject({ total_created: 2, total_skipped: 0 });
  });

  // A server may have made an insertion of which the driver was told nothing, and tries it again.
  it('a fingerprint that the request has taken already is its own', async () => {
    await leaveFingerprints('1', '1');
    expect(await acceptAgain(requestOf(shop, messagesTo(2)))).toMatchObject({ total_created: 2, total_skipped: 0 });
  });

  async function tenantOf(keyId: string): Promise<TenantId> {
    const keys = gateway.store.collection<{ _id: string; tenant_id: string }>('api_keys');
    return asTenantId((await keys.findOne({ _id: keyId }))!.tenant_id);
  }
});
