import { Agent, request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { TestGateway as Gateway } from '../support/gateway.js';
import type { Phone, Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

// Every recipient's text is counted once when it is read and once when it becomes a message. What is to meet the counter is imported after it.
const segments = await import('../../src/domain/sms-segments.js');
const countSegments = jest.fn(segments.countSegments);
jest.unstable_mockModule('../../src/domain/sms-segments.js', () => ({ ...segments, countSegments }));
const { MessagesRepository } = await import('../../src/messages/messages.repository.js');
const { QueueWaiters } = await import('../../src/messages/queue-waiters.js');
const { Expansion } = await import('../../src/requests/expansion.js');
const { csvOf, importCsv, toShop } = await import('../support/csv.js');
const { TestGateway } = await import('../support/gateway.js');
const { readOperations } = await import('../support/open-api.js');
const { must } = await import('../support/people.js');
const { openShop, registerPhone } = await import('../support/shop.js');

const RECIPIENTS = 5000;
const LINES = 20_000;
/** What a look at the clock costs here: so a slice of 4 ms ends after 32 looks, however fast the machine is (an eighth adds up exactly). */
const LOOK_MILLIS = 0.125;
const LOOKS_IN_A_SLICE = 32;

/** How long a turn of the event loop takes is the benchmark's; that long work is cut into turns is proven here. */
describe('long work lets the event loop turn', () => {
  let gateway: Gateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());
  afterEach(() => void jest.restoreAllMocks());

  it(`while ${RECIPIENTS} recipients are accepted`, async () => {
    const inserts = jest.spyOn(gateway.get(MessagesRepository), 'insertMissing');
    const expand = jest.spyOn(gateway.get(Expansion), 'expand');
    const start = Math.floor(performance.now());
    let looks = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => start + ++looks * LOOK_MILLIS);
    const turns = countPerTurn();
    const messages = Array.from({ length: RECIPIENTS }, (_, i) => ({
      to: `+8490${String(1_000_000 + i)}`,
      variables: { CODE: String(i) },
    }));
    const body = { template_id: shop.templateId, agent_id: shop.phone.agentId, messages };
    const accepted = must(201, await shop.client.post('/requests', body));
    turns.stop();
    expect(accepted.total_created).toBe(RECIPIENTS);
    expect(expand).toHaveBeenCalledTimes(1);

    expect(turns.total).toBe(2 * RECIPIENTS);
    expect(turns.most).toBeLessThanOrEqual(LOOKS_IN_A_SLICE);
    expect(turns.count).toBeGreaterThanOrEqual((2 * RECIPIENTS) / LOOKS_IN_A_SLICE);
    const written = inserts.mock.calls.map(([chunk]) => chunk.length);
    expect(written.reduce((sum, length) => sum + length)).toBe(RECIPIENTS);
    expect(Math.max(...written)).toBeLessThanOrEqual(250);
  });

  it('while a refused one names what is wrong, which is a hundred lines at most', async () => {
    const start = Math.floor(performance.now());
    let looks = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => start + ++looks * LOOK_MILLIS);
    countSegments.mockClear();
    const messages = Array.from({ length: RECIPIENTS }, () => ({ to: 'nobody' }));
    const body = { template_id: shop.templateId, agent_id: shop.phone.agentId, messages };
    const refused = await shop.client.post('/requests', body);
    expect(refused.status).toBe(400);
    expect(refused.body.details).toHaveLength(100);
    expect(countSegments).not.toHaveBeenCalled();
  });

  it(`while a file of ${LINES} lines is checked`, async () => {
    const start = Math.floor(performance.now());
    let looks = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => start + ++looks * LOOK_MILLIS);
    const turns = countPerTurn();
    const tried = must(200, await importCsv(shop.client, csvOf(LINES), toShop(shop, { dry_run: 'true' })));
    turns.stop();
    expect(tried.total_messages).toBe(LINES);
    expect(turns.total).toBe(LINES);
    expect(turns.most).toBeLessThanOrEqual(LOOKS_IN_A_SLICE);
    expect(turns.count).toBeGreaterThanOrEqual(LINES / LOOKS_IN_A_SLICE);
  });

  it('since no answer holds more than 500 rows, and a list no histories', async () => {
    const lists = (await readOperations(gateway.api)).filter(({ parameters }) =>
      parameters.some(({ name }) => name === 'cursor'),
    );
    expect(lists.length).toBeGreaterThan(5);
    for (const { name, parameters } of lists) {
      const limit = parameters.find((one) => one.name === 'limit');
      expect([name, limit?.schema.maximum]).toEqual([name, 500]);
    }
    const page = must(200, await shop.client.get('/messages/all?limit=500'));
    expect(page.items).toHaveLength(500);
    expect(page.items.some((message: object) => 'history' in message)).toBe(false);
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(512 * 1024);
    expect((await shop.client.get('/messages/all?limit=501')).status).toBe(400);
  });
});

describe('a thousand waiting phones', () => {
  const PHONES = 1000;
  const HUNG_UP = 400;
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  let gateway: Gateway;
  let phones: Phone[];

  beforeAll(async () => {
    gateway = await TestGateway.start();
    phones = [];
    while (phones.length < PHONES) {
      phones.push(...(await Promise.all(Array.from({ length: 50 }, () => registerPhone(gateway)))));
    }
  });
  afterAll(() => agent.destroy());

  it('cost little, are forgotten when they go, and are all answered when the gateway stops', async () => {
    const waiters = gateway.get(QueueWaiters);
    const size = (count: number) => waitFor(() => expect(waiters.phones).toBe(count), { timeout: 60_000 });
    const before = usedHeap();
    const calls = phones.map((phone) => wait(phone));
    await size(PHONES);
    // The phone's end of each connection is in this process too.
    expect((usedHeap() - before) / PHONES).toBeLessThan(64 * 1024);

    for (const call of calls.slice(0, HUNG_UP)) call.hangUp();
    await size(PHONES - HUNG_UP);
    expect(await Promise.all(calls.slice(0, HUNG_UP).map(({ answer }) => answer))).toEqual(
      Array.from({ length: HUNG_UP }, () => 'hung up'),
    );

    const stopped = gateway.stop();
    const answers = await Promise.all(calls.slice(HUNG_UP).map(({ answer }) => answer));
    await stopped;
    expect(answers.map((answer) => JSON.parse(answer).messages)).toEqual(answers.map(() => []));
    expect(waiters.phones).toBe(0);
    expect(waiters['waiting'].size).toBe(0);
  });

  function wait(phone: Phone): { answer: Promise<string>; hangUp(): void } {
    const headers = { authorization: `Bearer ${phone.token}` };
    const call = request(`${gateway.url}/agent/jobs/next?wait=30`, { agent, headers });
    const answer = new Promise<string>((resolve) => {
      call.on('error', () => resolve('hung up'));
      call.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve(text));
      });
    });
    call.end();
    return { answer, hangUp: () => call.destroy() };
  }
});

/** How often texts are counted in each turn of the event loop, until `stop`. */
function countPerTurn() {
  countSegments.mockClear();
  let seen = 0;
  let running = true;
  const counted = {
    /** Turns in which some of the work was done. */
    count: 0,
    most: 0,
    total: 0,
    stop: () => {
      turn();
      running = false;
    },
  };
  function turn(): void {
    if (!running) return;
    const done = countSegments.mock.calls.length - seen;
    seen += done;
    counted.total += done;
    counted.most = Math.max(counted.most, done);
    if (done > 0) counted.count++;
    setImmediate(turn);
  }
  turn();
  return counted;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function usedHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
