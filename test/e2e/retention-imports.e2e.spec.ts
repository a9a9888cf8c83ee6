import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DAY_MILLIS, later } from '../../src/domain/time.js';
import { ImportWorker } from '../../src/imports/import.worker.js';
import { chunkId, type ChunkDoc, type ImportDoc } from '../../src/imports/import.js';
import { RetentionWorker } from '../../src/retention/retention.worker.js';
import { byHand } from '../support/by-hand.js';
import { csvOf, importCsv, toShop, worked } from '../support/csv.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { messagesTo, requestOf } from '../support/sending.js';
import { createKey, openShop, type Shop } from '../support/shop.js';

const DAY = 86_400;
/** The key's day and a chunk: a file of this many waits for the next day when something was sent before. */
const LIMIT = 5;

describe('retention of imports', () => {
  let gateway: TestGateway;
  let shop: Shop;
  beforeEach(async () => {
    gateway = await TestGateway.start({
      MAX_RECIPIENTS_PER_REQUEST: String(LIMIT),
      AGENT_RATE_LIMIT_PER_MIN: '100000',
      JWT_ACCESS_MINUTES: '1000000',
    });
    shop = await openShop(gateway, { dailyLimit: LIMIT });
    await byHand(gateway.get(ImportWorker));
    jest.spyOn(gateway.get(ImportWorker), 'wake').mockReturnValue(undefined);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.stop();
  });

  const choose = async (settings: object) => must(200, await shop.admin.put('/admin/settings', settings));
  const pass = () => gateway.get(RetentionWorker).run();
  const days = (count: number) => gateway.clock.advance(count * DAY);
  const shown = (id: string) => shop.admin.get(`/requests/import/${id}`);
  const chunks = () => gateway.store.collection<ChunkDoc>('import_chunks').find({});
  const stored = async () => JSON.stringify(await gateway.store.collection('imports').find({}));

  it('takes the text and the bad lines of what is over, and says so', async () => {
    await choose({ blank_texts_after_days: 7 });
    const sender = gateway.api.withKey(
      (await createKey(shop.admin, ['sms:send', 'sms:send_text', 'sms:read'])).plain_key,
    );
    const parameters = { text: 'Secret sale', agent_id: shop.phone.agentId, skip_bad_lines: 'true' };
    const done = await worked(gateway, sender, await importCsv(sender, 'to\nnobody\n0901234567', parameters));
    expect(done).toMatchObject({ status: 'done', total_bad: 1, bad_lines: [{ line: 2, field: 'to' }] });
    expect(done).not.toHaveProperty('text_blanked_at');
    // Lines that a crash left behind: they would stay for a month.
    await gateway.store.collection<ChunkDoc>('import_chunks').insertOne({
      _id: chunkId(done.import_id, 7),
      tenant_id: (await gateway.store.collection<ChunkDoc>('imports').findOne({}))!.tenant_id,
      messages: [{ to: '0901234567' }],
      purge_at: later(gateway.clock.now(), 35 * DAY_MILLIS),
    });
    gateway.clock.advance(3600);
    const young = must(202, await importCsv(sender, 'to\nnobody\n0901234567', parameters)).import_id;
    await gateway.get(ImportWorker).run();
    days(7);
    await pass();
    const at = gateway.clock.now().toISOString();
    expect(must(200, await shown(done.import_id))).toEqual({ ...done, bad_lines: [], text_blanked_at: at });
    expect(await chunks()).toEqual([]);
    expect(must(200, await shown(young)).bad_lines).toHaveLength(1);
    gateway.clock.advance(3600);
    await pass();
    expect(await stored()).not.toContain('Secret sale');
    expect(must(200, await shown(done.import_id)).text_blanked_at).toBe(at);
  });

  it('leaves what is still to be sent, and comes back for it', async () => {
    await choose({ blank_texts_after_days: 1, remove_messages_after_days: 8 });
    const over = await worked(gateway, shop.client, await importCsv(shop.client, csvOf(1), toShop(shop)));
    days(1);
    const { import_id: open } = must(202, await importCsv(shop.client, csvOf(LIMIT, 100), toShop(shop)));
    const canceled = must(202, await importCsv(shop.client, csvOf(LIMIT, 200), toShop(shop))).import_id;
    must(200, await shop.client.post(`/requests/import/${canceled}/cancel`));
    must(201, await shop.client.post('/requests', requestOf(shop, messagesTo(1, 'x', 1000))));
    await gateway.get(ImportWorker).run();
    expect(must(200, await shown(open)).status).toBe('waiting');
    days(9);
    await pass();
    expect((await shown(over.import_id)).status).toBe(404);
    // The whole hour stays, but for the texts of what is over.
    expect(must(200, await shown(canceled)).text_blanked_at).toBeDefined();
    expect(must(200, await shown(open)).text_blanked_at).toBeUndefined();
    expect(await chunks()).toHaveLength(1);
    await gateway.get(ImportWorker).run();
    expect(must(200, await shown(open))).toMatchObject({ status: 'done', total_created: LIMIT });
    await pass();
    expect((await shown(open)).status).toBe(404);
    expect((await shown(canceled)).status).toBe(404);
    expect(await stored()).toBe('[]');
  });

  it('takes what was never finished once its lines have expired', async () => {
    await choose({ blank_texts_after_days: 1, remove_messages_after_days: 60 });
    const { import_id } = must(202, await importCsv(shop.client, csvOf(1), toShop(shop)));
    // No worker looks at it any more.
    await gateway.store.collection<ImportDoc>('imports').updateOne({ _id: import_id }, { $unset: { due_at: '' } });
    days(34);
    await pass();
    expect(await chunks()).toHaveLength(1);
    days(1);
    await pass();
    expect(await chunks()).toEqual([]);
    expect(must(200, await shown(import_id))).toMatchObject({ status: 'queued', text_blanked_at: expect.any(String) });
    days(30);
    await pass();
    expect((await shown(import_id)).status).toBe(404);
  });

  it('keeps all of it until a tenant chooses otherwise', async () => {
    const done = await worked(gateway, shop.client, await importCsv(shop.client, csvOf(1), toShop(shop)));
    days(600);
    await pass();
    expect(must(200, await shown(done.import_id))).toEqual(done);
  });
});
