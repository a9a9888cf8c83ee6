import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { check } from '../chaos/checks/check.js';
import { Ledger, type Text } from '../chaos/ledger.js';
import { FingerprintsRepository, type FingerprintDoc } from '../../src/requests/fingerprints.repository.js';
import { fingerprint } from '../../src/domain/fingerprint.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import type { Answer, Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { messagesOf, numberOf, usedToday } from '../support/sending.js';
import { createKey, openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';
import { leaseJobs, statusOf, submit, type Job } from '../support/traffic.js';

let gateway: TestGateway;
let shop: Shop;
const ledger = new Ledger();

beforeAll(async () => {
  gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '60000', MAX_ATTEMPTS: '100' });
  shop = await openShop(gateway);
});
afterAll(() => gateway.stop());

/** All at once. */
function times<T>(count: number, call: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => call(i)));
}

/** Submits, and again while it is told to (503); then the request must be accepted. */
async function send(client: Api, texts: readonly Text[]): Promise<{ id: string; created: number; skipped: number }> {
  const messages = texts.map(({ to, code }) => ({ to, variables: { CODE: code } }));
  for (;;) {
    const body = { template_id: shop.templateId, agent_id: shop.phone.agentId, messages };
    const answer = await client.post('/requests', body);
    if (answer.status !== 503) {
      const { request_id: id, total_created: created, total_skipped: skipped } = must(201, answer);
      ledger.accept({ id, texts, created, skipped });
      return { id, created, skipped };
    }
    expect(answer.headers.get('retry-after')).toBe('1');
    await sleep(50); // as the answer asks for, only less patiently
  }
}

function texts(code: string, from: number, count: number): Text[] {
  return Array.from({ length: count }, (_, i) => ({ to: numberOf(from + i), code: `${from + i}-${code}` }));
}

/** Every invariant, over everything that has happened in this file. */
async function expectOrder(): Promise<void> {
  await usedToday(gateway, shop.keyId); // step 5 of acceptance comes after the answer
  expect((await check(gateway.store, ledger, false)).wrong).toEqual([]);
}

describe('submissions at once', () => {
  it('make fifty times the same text one live message', async () => {
    const accepted = await times(50, () => send(shop.client, texts('same', 0, 1)));
    expect(accepted.filter(({ created }) => created === 1)).toHaveLength(1);
    expect(accepted.filter(({ skipped }) => skipped === 1)).toHaveLength(49);
    expect(await usedToday(gateway, shop.keyId)).toBe(1);
    await expectOrder();
  });

  it.each([
    ['in the same order', (list: Text[]) => list],
    ['in the opposite order', (list: Text[]) => list.toReversed()],
  ])('that share half of their thousand texts %s both end whole', async (name, order) => {
    const key = await createKey(shop.admin, ['sms:send', 'sms:read']);
    const client = gateway.api.withKey(key.plain_key);
    const all = texts(name.replaceAll(' ', '-'), 1000, 1500);
    const accepted = await Promise.all([send(client, all.slice(0, 1000)), send(client, order(all.slice(500)))]);
    for (const { created, skipped } of accepted) expect(created + skipped).toBe(1000);
    expect(accepted[0]!.created + accepted[1]!.created).toBe(1500);
    expect(await usedToday(gateway, key.id)).toBe(1500);
    await expectOrder();
  });

  it('that overlap in a ring all end whole', async () => {
    const all = texts('ring', 5000, 400);
    const accepted = await times(8, (i) => {
      const turned = [...all.slice(i * 50), ...all.slice(0, i * 50)];
      return send(shop.client, turned.slice(0, 100));
    });
    expect(accepted.reduce((sum, { created }) => sum + created, 0)).toBe(400);
    await expectOrder();
  });

  it('fill a daily limit to the last message and never exceed it', async () => {
    const key = await createKey(shop.admin, ['sms:send', 'sms:read'], 61);
    const client = gateway.api.withKey(key.plain_key);
    const sendTo = (from: number, count: number): Promise<Answer> => {
      const messages = texts('limit', from, count).map(({ to, code }) => ({ to, variables: { CODE: code } }));
      return client.post('/requests', { template_id: shop.templateId, agent_id: shop.phone.agentId, messages });
    };
    const answers = await times(50, (i) => sendTo(10_000 + i * 3, 3));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30);
    expect(await usedToday(gateway, key.id)).toBe(60);
    // One is left, and fifty want it.
    const last = await times(50, (i) => sendTo(11_000 + i, 1));
    expect(last.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await usedToday(gateway, key.id)).toBe(61);
    await expectOrder();
  });

  it('give their share of the day back when they are refused', async () => {
    const key = await createKey(shop.admin, ['sms:send', 'sms:read'], 10);
    const client = gateway.api.withKey(key.plain_key);
    const [wanted] = texts('stuck', 12_000, 1);
    // Somebody is at work on the text and doesn't come to an end.
    const tenant = await tenantOf();
    const owner = { request_id: 'req_00000000000000000000000000', message_id: 'msg_000000000000000000000000000000' };
    const hash = fingerprint(wanted!.to, `Ma OTP ${wanted!.code}`);
    const _id = FingerprintsRepository.key(tenant, hash);
    const at = gateway.clock.now();
    const fingerprints = gateway.store.collection<FingerprintDoc>('fingerprints');
    const expires_at = new Date(at.getTime() + 180_000);
    await fingerprints.insertOne({ _id, tenant_id: tenant, ...owner, at, expires_at });
    const messages = [wanted!, ...texts('stuck', 12_001, 4)].map(({ to, code }) => ({ to, variables: { CODE: code } }));
    const body = { template_id: shop.templateId, agent_id: shop.phone.agentId, messages };
    const answers = await times(3, () => client.post('/requests', body));
    for (const { status } of answers) expect([429, 503]).toContain(status);
    expect(answers.map(({ status }) => status)).toContain(503);
    expect(await usedToday(gateway, key.id)).toBe(0);
    await fingerprints.deleteOne({ _id });
    must(201, await client.post('/requests', body));
    expect(await usedToday(gateway, key.id)).toBe(5);
    await expectOrder();
  });

  it('with one Idempotency-Key are one request', async () => {
    const messages = texts('key', 13_000, 30).map(({ to, code }) => ({ to, variables: { CODE: code } }));
    const body = { template_id: shop.templateId, agent_id: shop.phone.agentId, messages };
    const ids = await times(20, async () => {
      for (;;) {
        const answer = await shop.client.post('/requests', body, { 'idempotency-key': 'twenty' });
        if (answer.status === 201) return answer.body.request_id as string;
        expect([answer.status, answer.body.code]).toEqual([409, 'idempotency_in_flight']);
        await sleep(5);
      }
    });
    expect(new Set(ids).size).toBe(1);
    expect((await messagesOf(shop.client, ids[0]!)).map(({ status }) => status)).toEqual(Array(30).fill('PENDING'));
    await expectOrder();
  });
});

describe('claims at once', () => {
  /** Polls until nobody gets anything any more. */
  async function pollDry(phones: readonly Phone[]): Promise<Job[]> {
    const jobs: Job[] = [];
    for (;;) {
      const got = (await Promise.all(phones.map((phone) => leaseJobs(phone, 20)))).flat();
      if (got.length === 0) return jobs;
      jobs.push(...got);
    }
  }

  it.each(['twenty polls of one phone', 'twenty phones of a group'])('never give a message twice: %s', async (who) => {
    const phone = await registerPhone(gateway);
    let phones = Array.from({ length: 20 }, () => phone);
    let extra: Record<string, unknown> = { agent_id: phone.agentId };
    if (who.includes('group')) {
      phones = await times(20, () => registerPhone(gateway));
      for (const { agentId } of phones)
        must(200, await shop.admin.patch(`/admin/agents/${agentId}`, { groups: ['racers'] }));
      extra = { route: 'group:racers' };
    }
    const ids = await submit({ ...shop, phone }, 200, extra);
    for (const attempt of [1, 2]) {
      const jobs = await pollDry(phones);
      expect(jobs.map((job) => job.message_id).sort()).toEqual([...ids].sort());
      expect(new Set(jobs.map((job) => job.lease_id)).size).toBe(200);
      expect(jobs.every((job) => job.attempts === attempt)).toBe(true);
      for (const { message_id, lease_id } of jobs) ledger.handOut(message_id, lease_id);
      gateway.clock.advance(301); // all leases run out together, and everybody wants them again
    }
    await expectOrder();
  });

  it('and cancellations have one winner each', async () => {
    const phone = await registerPhone(gateway);
    const ids = await submit({ ...shop, phone }, 60);
    const [jobs, answers] = await Promise.all([
      times(10, () => leaseJobs(phone, 6)).then((lists) => lists.flat()),
      Promise.all(ids.map((id) => shop.client.post(`/messages/${id}/cancel`))),
    ]);
    const leased = new Set(jobs.map((job) => job.message_id));
    expect(leased.size).toBe(jobs.length);
    for (const [i, id] of ids.entries()) {
      const canceled = answers[i]!.status === 200;
      expect([answers[i]!.status, leased.has(id) && canceled]).toEqual([canceled ? 200 : 409, false]);
      const status = await statusOf(shop, id);
      expect(status).toBe(canceled ? 'CANCELED' : 'ASSIGNED');
      if (canceled) ledger.canceled.add(id);
    }
    await expectOrder();
  });

  it('of a request and its cancellation leave each message with one of them', async () => {
    const phone = await registerPhone(gateway);
    const ids = await submit({ ...shop, phone }, 200);
    const requestId = must(200, await shop.client.get(`/messages/${ids[0]}`)).request_id;
    const [jobs, answer] = await Promise.all([
      times(10, () => leaseJobs(phone, 10)).then((lists) => lists.flat()),
      shop.client.post(`/requests/${requestId}/cancel`),
    ]);
    const { canceled, status_counts } = must(200, answer);
    expect(canceled + jobs.length + (status_counts.PENDING ?? 0)).toBe(200);
    const now = must(200, await shop.client.get(`/requests/${requestId}`)).status_counts;
    expect(now).toEqual({ CANCELED: canceled, ...(jobs.length > 0 ? { ASSIGNED: jobs.length } : {}) });
    await expectOrder();
  });

  it('and a reassignment leave each message with one phone', async () => {
    const [from, to] = [await registerPhone(gateway), await registerPhone(gateway)];
    const ids = await submit({ ...shop, phone: from }, 300);
    const reassign = () => shop.admin.post(`/admin/agents/${from.agentId}/reassign`, { route: `agent:${to.agentId}` });
    const [polled, moved] = await Promise.all([times(10, () => leaseJobs(from, 20)), reassign()]);
    const kept = polled.flat();
    expect(must(200, moved)).toMatchObject({ status: 'ok' });
    must(200, await reassign());
    const taken = await pollDry([to, from]);
    expect([...kept, ...taken].map((job) => job.message_id).sort()).toEqual([...ids].sort());
    await expectOrder();
  });

  it('and a reassignment that ends leases let only the new phone begin', async () => {
    const [from, to] = [await registerPhone(gateway), await registerPhone(gateway)];
    const ids = await submit({ ...shop, phone: from }, 100);
    const kept = await pollDry([from]);
    const [granted, moved] = await Promise.all([
      Promise.all(kept.map((job) => report(from, job.message_id, 'SENDING', { lease_id: job.lease_id }))),
      shop.admin.post(`/admin/agents/${from.agentId}/reassign`, { route: `agent:${to.agentId}`, end_leases: true }),
    ]);
    must(200, moved);
    const begun = kept.filter((_, i) => granted[i]!.result === 'updated').map((job) => job.message_id);
    const taken = (await pollDry([to])).map((job) => job.message_id);
    expect([...begun, ...taken].sort()).toEqual([...ids].sort());
    await expectOrder();
  });
});

describe('reports at once', () => {
  it.each(['SENDING', 'SENT', 'DELIVERED', 'FAILED'])('of %s change a message once', async (status) => {
    const phone = await registerPhone(gateway);
    const [id] = await submit({ ...shop, phone }, 1);
    const [job] = await leaseJobs(phone);
    if (status === 'DELIVERED') await report(phone, id!, 'SENT');
    const answers = await times(20, () => report(phone, id!, status, { lease_id: job!.lease_id }));
    expect(answers.filter(({ result }) => result === 'updated')).toHaveLength(1);
    expect(answers.filter(({ result }) => result === 'unchanged')).toHaveLength(19);
    const { history } = must(200, await shop.client.get(`/messages/${id}`));
    expect(history.filter((entry: { to?: string }) => entry.to === status)).toHaveLength(1);
    await expectOrder();
  });

  it('of SENT and FAILED have one winner', async () => {
    const phone = await registerPhone(gateway);
    const ids = await submit({ ...shop, phone }, 30);
    await leaseJobs(phone);
    const answers = await Promise.all(
      ids.flatMap((id) => [report(phone, id, 'SENT'), report(phone, id, 'FAILED', { error: { code: 'X' } })]),
    );
    for (const [i, id] of ids.entries()) {
      const pair = [answers[2 * i]!, answers[2 * i + 1]!];
      expect(pair.filter(({ result }) => result === 'updated')).toHaveLength(1);
      const lost = pair.find(({ result }) => result !== 'updated');
      // A FAILED after SENT is kept beside it; a SENT after FAILED is nothing.
      expect(lost).toMatchObject(
        lost!.status === 'SENT' ? { result: 'unchanged', recorded: 'undelivered' } : { result: 'conflict' },
      );
      expect(await statusOf(shop, id)).toBe(pair.find(({ result }) => result === 'updated')!.status);
    }
    await expectOrder();
  });

  it('of a former holder’s failure are all taken note of', async () => {
    const [former, holder] = [await registerPhone(gateway), await registerPhone(gateway)];
    for (const { agentId } of [former, holder])
      must(200, await shop.admin.patch(`/admin/agents/${agentId}`, { groups: ['notes'] }));
    const [id] = await submit(shop, 1, { route: 'group:notes' });
    expect((await leaseJobs(former)).map((job) => job.message_id)).toEqual([id]);
    gateway.clock.advance(301);
    expect((await leaseJobs(holder)).map((job) => job.message_id)).toEqual([id]);
    const answers = await times(20, () => report(former, id!, 'FAILED', { error: { code: 'NO_SIGNAL' } }));
    expect(answers.map(({ result, status }) => [result, status])).toEqual(answers.map(() => ['unchanged', 'ASSIGNED']));
    const { history } = must(200, await shop.client.get(`/messages/${id}`));
    expect(history.filter((entry: { event: string }) => entry.event === 'noted')).toHaveLength(20);
    await expectOrder();
  });
});

async function tenantOf(): Promise<TenantId> {
  const found = await gateway.store.collection<{ _id: string; tenant_id: TenantId }>('templates').findOne({});
  return found!.tenant_id;
}
