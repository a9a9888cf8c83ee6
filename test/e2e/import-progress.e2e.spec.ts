import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ApiKeyDoc } from '../../src/api-keys/api-key.js';
import { ImportWorker } from '../../src/imports/import.worker.js';
import type { ImportDoc } from '../../src/imports/import.js';
import { ImportsRepository } from '../../src/imports/imports.repository.js';
import { Staging } from '../../src/imports/staging.js';
import { Submission } from '../../src/imports/submission.js';
import { RequestsService } from '../../src/requests/requests.service.js';
import { byHand } from '../support/by-hand.js';
import { csvOf, importCsv, importForm, toShop, worked } from '../support/csv.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson, must } from '../support/people.js';
import { messagesTo, requestOf, usedToday } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

/** Lines of a chunk: every rule of chunks shows with few of them. */
const CHUNK = 100;
const LINES = 250;
const LIMIT = 600;

/** Of a submission, for a test that lets one of them fail. */
interface Steps {
  count(): Promise<void>;
  stop(): Promise<void>;
}

describe('an import on its way', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeEach(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '60', MAX_RECIPIENTS_PER_REQUEST: String(CHUNK) });
    shop = await openShop(gateway, { dailyLimit: LIMIT });
    // Turns of the worker are the test's to make.
    await byHand(gateway.get(ImportWorker));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.stop();
  });

  const count = (name: string) => gateway.store.collection(name).count({});
  const messages = () => count('sms_messages');
  const upload = (key?: string, csv = csvOf(LINES), api = shop.client) =>
    importCsv(api, csv, toShop(shop), key === undefined ? {} : { 'idempotency-key': key });
  const get = async (id: string, api = shop.client) => must(200, await api.get(`/requests/import/${id}`));
  /** Accepted, and nothing of it sent yet. */
  async function held(key?: string): Promise<string> {
    const wake = jest.spyOn(gateway.get(ImportWorker), 'wake').mockReturnValue(undefined);
    const { import_id } = must(202, await upload(key));
    wake.mockRestore();
    return import_id;
  }
  async function restart(): Promise<void> {
    jest.restoreAllMocks();
    await gateway.restart();
    shop = { ...shop, client: gateway.api.as(shop.client.credentials), admin: await gateway.admin() };
    await gateway.get(ImportWorker).run();
  }
  /** Whatever was sent, each number got it once. */
  async function expectEachOnce(total: number): Promise<void> {
    const rows = await gateway.store
      .collection<{ _id: string; to: string }>('sms_messages')
      .find({}, { fields: ['to'] });
    expect(rows).toHaveLength(total);
    expect(new Set(rows.map(({ to }) => to)).size).toBe(total);
  }

  describe('when the gateway dies', () => {
    const die = () => Promise.reject(new Error('died'));

    it('while the file is read, leaves nothing', async () => {
      const repository = gateway.get(ImportsRepository);
      const chunk = repository.insertChunk.bind(repository);
      jest
        .spyOn(repository, 'insertChunk')
        .mockImplementation((doc) => (doc._id.endsWith(':000001') ? die() : chunk(doc)));
      jest.spyOn(gateway.get(Staging), 'discard').mockResolvedValue(undefined);
      expect((await upload('once')).status).toBe(500);
      expect([await count('imports'), await count('import_chunks')]).toEqual([1, 1]);
      await restart();
      expect(must(200, await shop.client.get('/requests/imports')).items).toEqual([]);
      gateway.clock.advance(3601);
      await gateway.get(ImportWorker).run();
      expect([await count('imports'), await count('import_chunks'), await messages()]).toEqual([0, 0, 0]);
      // The key is as good as new.
      expect(await worked(gateway, shop.client, await upload('once'))).toMatchObject({ total_created: LINES });
    });

    it('before the first chunk, goes on', async () => {
      const id = await held();
      expect(await messages()).toBe(0);
      await restart();
      expect(await get(id)).toMatchObject({ status: 'done', total_created: LINES, total_skipped: 0 });
      await expectEachOnce(LINES);
    });

    it.each([
      ['between a chunk and its count', 'count'],
      ['between a count and the end of its chunk', 'deleteChunk'],
    ] as const)('%s, sends each chunk once', async (_, step) => {
      const id = await held();
      if (step === 'count') {
        jest.spyOn(gateway.get(Submission) as never as Steps, 'count').mockImplementation(die);
        jest.spyOn(gateway.get(Submission) as never as Steps, 'stop').mockImplementation(die);
      } else jest.spyOn(gateway.get(ImportsRepository), 'deleteChunk').mockImplementation(die);
      await gateway.get(ImportWorker).run();
      expect(await messages()).toBe(CHUNK);
      expect((await get(id)).total_created).toBe(step === 'count' ? 0 : CHUNK);
      await restart();
      const done = await get(id);
      expect(done).toMatchObject({ status: 'done', total_created: LINES, total_skipped: 0 });
      expect(new Set(done.request_ids).size).toBe(3);
      await expectEachOnce(LINES);
      expect(await usedToday(gateway, shop.keyId)).toBe(LINES);
    });

    it('and another gateway is at the same chunk, sends it once', async () => {
      const id = await held();
      const doc = (await gateway.store.collection<ImportDoc>('imports').findOne({ _id: id }))!;
      const submission = gateway.get(Submission);
      await Promise.all([submission.submitNext(doc), submission.submitNext(doc), submission.submitNext(doc)]);
      gateway.clock.advance(2);
      await gateway.get(ImportWorker).run();
      expect(await get(id)).toMatchObject({ status: 'done', total_created: LINES, total_skipped: 0 });
      await expectEachOnce(LINES);
    });
  });

  describe('with an Idempotency-Key', () => {
    it('is sent once, whenever and however the file comes again', async () => {
      const first = await upload('monday');
      const done = await worked(gateway, shop.client, first);
      expect(must(202, await upload('monday'))).toEqual(done);
      const form = await importForm(shop.client, csvOf(LINES), toShop(shop), { 'idempotency-key': 'monday' });
      expect(must(202, form)).toEqual(done);
      await shop.admin.put(`/templates/${shop.templateId}`, { content: 'changed {CODE}' });
      expect(must(202, await upload('monday'))).toEqual(done);
      expect([await count('imports'), await messages()]).toEqual([1, LINES]);
    });

    it('is a conflict with another file, or the same one for another phone', async () => {
      must(202, await upload('used'));
      expectError(await upload('used', csvOf(LINES - 1)), 409, 'idempotency_key_reused');
      const extra = toShop(shop, { priority: 'HIGH' });
      const other = await importCsv(shop.client, csvOf(LINES), extra, { 'idempotency-key': 'used' });
      expectError(other, 409, 'idempotency_key_reused');
      expectError(await upload('a b'), 400, 'invalid_request', 'Idempotency-Key');
      expect(await count('imports')).toBe(1);
    });

    it('twenty times at once is one import', async () => {
      const csv = csvOf(LIMIT);
      const answers = await Promise.all(Array.from({ length: 20 }, () => upload('storm', csv)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
      expect(new Set(answers.map(({ body }) => body.import_id)).size).toBe(1);
      const done = await worked(gateway, shop.client, answers[0]!);
      expect(done).toMatchObject({ status: 'done', total_created: LIMIT, total_skipped: 0 });
      await expectEachOnce(LIMIT);
      expect([await count('imports'), await count('import_chunks')]).toEqual([1, 0]);
    });

    it('is each caller’s own, and free again after a refusal and after a day', async () => {
      expectError(await upload('mine', 'to,CODE\nx,1'), 400, 'bad_lines');
      const first = must(202, await upload('mine', csvOf(1)));
      const user = must(202, await upload('mine', csvOf(2), shop.admin));
      expect(user.import_id).not.toBe(first.import_id);
      await gateway.get(ImportWorker).run();
      gateway.clock.advance(24 * 3600);
      const later = must(202, await upload('mine', csvOf(3)));
      expect(later.import_id).not.toBe(first.import_id);
    });
  });

  describe('and the day’s limit', () => {
    it('refuses a file that is larger than what is left', async () => {
      await shop.client.post('/requests', requestOf(shop, messagesTo(1, 'x', 10_000)));
      const refused = await upload('full', csvOf(LIMIT));
      expectError(refused, 429, 'daily_limit');
      expect(Number(refused.headers.get('retry-after'))).toBe(14 * 3600);
      expect([await count('imports'), await count('import_chunks'), await messages()]).toEqual([0, 0, 1]);
    });

    it('waits for the next day when others have used it up, and goes on by itself', async () => {
      const id = await held();
      for (let from = 0; from < LIMIT - 150; from += 50)
        must(201, await shop.client.post('/requests', requestOf(shop, messagesTo(50, 'x', 10_000 + from))));
      await gateway.get(ImportWorker).run();
      const waiting = await get(id);
      expect(waiting).toMatchObject({
        status: 'waiting',
        total_created: CHUNK,
        reason: { code: 'daily_limit' },
        retry_at: '2126-11-22T00:00:00.000Z',
      });
      gateway.clock.advance(14 * 3600);
      await gateway.get(ImportWorker).run();
      expect(await get(id)).toMatchObject({ status: 'done', total_created: LINES, reason: null, retry_at: null });
    });

    it('ends when the key’s limit has become smaller than a chunk', async () => {
      const id = await held();
      await shop.admin.patch(`/admin/api-keys/${shop.keyId}`, { rate_limit_per_day: CHUNK - 1 });
      await gateway.get(ImportWorker).run();
      expect(await get(id, shop.admin)).toMatchObject({ status: 'failed', reason: { code: 'daily_limit_too_low' } });
    });
  });

  describe('ends, with the reason and what was sent till then,', () => {
    /** One chunk, then something happens. */
    async function afterOneChunk(happens: () => Promise<unknown>): Promise<ImportDoc['reason']> {
      const id = await held();
      const service = gateway.get(RequestsService);
      const accept = service.acceptOnce.bind(service);
      const spy = jest.spyOn(service, 'acceptOnce').mockImplementation(async (...given) => {
        const accepted = await accept(...given);
        spy.mockRestore();
        await happens();
        return accepted;
      });
      await gateway.get(ImportWorker).run();
      const failed = await get(id, shop.admin);
      expect(failed).toMatchObject({ status: 'failed', total_created: CHUNK, finished_at: expect.any(String) });
      expect([failed.request_ids.length, await count('import_chunks'), await messages()]).toEqual([1, 0, CHUNK]);
      gateway.clock.advance(3600);
      await gateway.get(ImportWorker).run();
      expect(await messages()).toBe(CHUNK);
      return failed.reason;
    }

    it('when the template was changed, even if it was approved again', async () => {
      const change = async () => {
        await shop.admin.put(`/templates/${shop.templateId}`, { content: 'Other {CODE}' });
        await shop.admin.post(`/templates/${shop.templateId}/approve`);
      };
      expect(await afterOneChunk(change)).toMatchObject({ code: 'template_changed' });
    });

    it('when its approval was taken back', async () => {
      const change = () => shop.admin.put(`/templates/${shop.templateId}`, { content: 'Other {CODE}' });
      expect(await afterOneChunk(change)).toMatchObject({ code: 'template_not_approved' });
    });

    it('when the phone was unregistered', async () => {
      const unregister = () => shop.admin.post(`/admin/agents/${shop.phone.agentId}/unregister`, {});
      expect(await afterOneChunk(unregister)).toMatchObject({ code: 'agent_not_found' });
    });

    it('when the key was disabled', async () => {
      const disable = () => shop.admin.post(`/admin/api-keys/${shop.keyId}/disable`);
      const reason = await afterOneChunk(disable);
      expect(reason).toEqual({
        code: 'unauthenticated',
        message: 'The API key is disabled. An administrator makes another: POST /admin/api-keys.',
      });
    });

    it('when the key has lost its scope', async () => {
      const change = () => shop.admin.patch(`/admin/api-keys/${shop.keyId}`, { scopes: ['sms:read'] });
      expect(await afterOneChunk(change)).toMatchObject({ code: 'forbidden' });
    });

    it('when the key has expired', async () => {
      await shop.admin.patch(`/admin/api-keys/${shop.keyId}`, { expires_at: '2126-11-21T11:00:00Z' });
      const reason = await afterOneChunk(() => Promise.resolve(gateway.clock.advance(3600)));
      expect(reason).toMatchObject({
        code: 'unauthenticated',
        message: 'The API key has expired. An administrator makes another: POST /admin/api-keys.',
      });
    });

    it.each([
      ['was disabled', { is_active: false }, 'unauthenticated'],
      ['was demoted', { role: 'viewer' }, 'forbidden'],
      ['was given another password', { password: 'another-staple-horse' }, 'unauthenticated'],
    ])('when the user %s', async (_, change, code) => {
      const person = await addPerson(gateway, shop.admin, 'operator');
      shop = { ...shop, client: person.api };
      const reason = await afterOneChunk(() => shop.admin.patch(`/admin/users/${person.id}`, change));
      expect(reason).toMatchObject({ code });
    });
  });

  it('is tried again when the store fails for a moment', async () => {
    const id = await held();
    jest.spyOn(gateway.get(RequestsService), 'acceptOnce').mockRejectedValueOnce(new Error('the store is away'));
    await gateway.get(ImportWorker).run();
    expect(await get(id)).toMatchObject({ status: 'queued', total_created: 0 });
    gateway.clock.advance(1);
    await gateway.get(ImportWorker).run();
    expect(await get(id)).toMatchObject({ status: 'done', total_created: LINES });
  });

  it('can be canceled, which stops what was not submitted', async () => {
    const id = await held();
    const doc = (await gateway.store.collection<ImportDoc>('imports').findOne({ _id: id }))!;
    await gateway.get(Submission).submitNext(doc);
    const canceled = must(200, await shop.client.post(`/requests/import/${id}/cancel`));
    expect(canceled).toMatchObject({ status: 'canceled', total_created: CHUNK });
    // One that was on its way at that moment is counted all the same, and sent once.
    await gateway.get(Submission).submitNext(doc);
    gateway.clock.advance(60);
    await gateway.get(ImportWorker).run();
    expect(await get(id)).toMatchObject({ status: 'canceled', total_created: CHUNK });
    await expectEachOnce(CHUNK);
    expect(await count('import_chunks')).toBe(0);
    expectError(await shop.client.post(`/requests/import/${id}/cancel`), 409, 'import_over');
    const logs = must(200, await shop.admin.get('/admin/audit-logs?action=CANCEL_IMPORT')).items;
    expect(logs).toMatchObject([{ actor_id: shop.keyId, data: { import_id: id, submitted: 1 } }]);
  });

  it('takes turns with others', async () => {
    const wake = jest.spyOn(gateway.get(ImportWorker), 'wake').mockReturnValue(undefined);
    const big = must(202, await upload()).import_id;
    const small = must(202, await upload(undefined, csvOf(10, 50_000))).import_id;
    wake.mockRestore();
    const order: string[] = [];
    const submission = gateway.get(Submission);
    const submit = submission.submitNext.bind(submission);
    jest.spyOn(submission, 'submitNext').mockImplementation((doc) => {
      order.push(doc._id);
      return submit(doc);
    });
    await gateway.get(ImportWorker).run();
    expect(order).toEqual([big, small, big, big]);
  });

  it('keeps no secret of its caller', async () => {
    const id = await held();
    const doc = (await gateway.store.collection<ImportDoc>('imports').findOne({ _id: id }))!;
    const key = (await gateway.store.collection<ApiKeyDoc>('api_keys').findOne({ _id: shop.keyId }))!;
    for (const secret of [key.key_hash, shop.client.credentials['x-api-key']!]) {
      expect(JSON.stringify(doc)).not.toContain(secret);
      expect(JSON.stringify(await get(id))).not.toContain(secret);
    }
  });

  describe('as an upload', () => {
    const path = () => `/requests/import?${new URLSearchParams(toShop(shop)).toString()}`;
    const form = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
    const kinds = [
      ['a file', 'text/csv', ''],
      ['a form', 'multipart/form-data; boundary=x', form],
    ] as const;

    /** Sends `head`, then `more` for as long as it is taken. */
    function stream(type: string, head: string, more?: string, credentials = shop.client.credentials) {
      const headers = { ...credentials, 'content-type': type, 'transfer-encoding': 'chunked' };
      const call = request(gateway.url + path(), { method: 'POST', headers });
      let sent = 0;
      let status = 0;
      let text = '';
      const closed = new Promise<void>((resolve) => call.on('close', resolve));
      call.on('error', () => undefined);
      call.on('response', (response) => {
        status = response.statusCode!;
        response.setEncoding('utf8').on('data', (part) => (text += part));
      });
      const go = () => {
        if (more === undefined) return;
        while (!call.destroyed) {
          sent += more.length;
          if (!call.write(more)) return void call.once('drain', go);
        }
      };
      call.write(head, go);
      return { call, closed, sent: () => sent, status: () => status, body: () => JSON.parse(text) };
    }

    it.each(kinds)('with a line of 2 GB in %s is refused early, and cut off', async (_, type, head) => {
      const sending = stream(type, `${head}to,CODE\n0901234567,`, 'x'.repeat(64 * 1024));
      await sending.closed;
      expect(sending.status()).toBe(400);
      expect(sending.body()).toMatchObject({ code: 'line_too_long', details: [{ field: 'lines.2' }] });
      expect(sending.sent()).toBeLessThan(2 ** 31);
      expect([await count('imports'), await count('import_chunks')]).toEqual([0, 0]);
    });

    it.each(kinds)('that breaks off in %s leaves nothing', async (_, type, head) => {
      const staged = jest.spyOn(gateway.get(ImportsRepository), 'insertChunk');
      const discarded = jest.spyOn(gateway.get(ImportsRepository), 'deleteChunks');
      const sending = stream(type, `${head}${csvOf(150)}\n`);
      await waitFor(() => expect(staged).toHaveBeenCalled());
      expect(await count('imports')).toBe(1);
      sending.call.destroy();
      await waitFor(async () => {
        expect(discarded).toHaveBeenCalled();
        expect([await count('imports'), await count('import_chunks')]).toEqual([0, 0]);
      });
      expect(await worked(gateway, shop.client, await upload(undefined, csvOf(1)))).toMatchObject({ total_created: 1 });
    });

    it.each(kinds)('of nobody is not read in %s', async (_, type, head) => {
      const sending = stream(type, `${head}to,CODE\n`, '0901234567,1\n'.repeat(5000), {});
      await sending.closed;
      expect(sending.status()).toBe(401);
      expect(await count('imports')).toBe(0);
    });
  });
});
