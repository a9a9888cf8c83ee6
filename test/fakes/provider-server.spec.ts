import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeTwilio, twilioError } from './twilio.js';

/** The fakes decide what the soak can see, so what they do is tested, too. */
describe('a provider on loopback', () => {
  let fake: FakeTwilio;
  let gateway: Server;
  let received: string[];
  let status: number;

  beforeEach(async () => {
    fake = await new FakeTwilio().start();
    received = [];
    status = 200;
    gateway = createServer(async (request, response) => {
      received.push(new URLSearchParams(await text(request)).get('MessageStatus')!);
      response.writeHead(status).end();
    });
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
    fake.reach = () => `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/status`;
  });
  afterEach(async () => {
    await fake.stop();
    gateway.closeAllConnections();
    await once(gateway.close(), 'close');
  });

  async function send(to = '+12025550142', body = 'hello'): Promise<number> {
    const form = { To: to, From: '+15005550006', Body: body, StatusCallback: 'https://sms.example.test/s?attempt=a1' };
    const answer = await fetch(`${fake.url}/2010-04-01/Accounts/${fake.accountSid}/Messages.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${fake.accountSid}:${fake.authToken}`).toString('base64')}` },
      body: new URLSearchParams(form),
    }).catch(() => null);
    await answer?.text();
    return answer?.status ?? 0;
  }

  it('answers as its script says, and knows what it took', async () => {
    fake.next({ reply: twilioError(429, 20429) }, { cut: 'before' }, { cut: 'after' }, {});
    expect([await send(), await send(), await send(), await send()]).toEqual([429, 0, 0, 201]);
    expect(fake.taken).toHaveLength(2);
    expect(fake.taken[0]).toMatchObject({ attempt: 'a1', to: '+12025550142', text: 'hello' });
    expect(fake.takenTwice()).toHaveLength(1);
    expect(await send('+12025550143')).toBe(201);
    expect(fake.takenTwice()).toHaveLength(1);
  });

  it('errs by shares, the same ones for the same seed', async () => {
    const run = async (seed: number): Promise<number[]> => {
      fake.shares(
        seed,
        [0.3, { reply: twilioError(400, 21211) }],
        [0.2, { reply: { status: 500, body: '' }, takes: true }],
      );
      const statuses: number[] = [];
      for (let i = 0; i < 200; i++) statuses.push(await send(`+1202555${1000 + i}`));
      return statuses;
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
    const share = (wanted: number) => first.filter((one) => one === wanted).length / 200;
    expect([share(400), share(500), share(201)]).toEqual([
      expect.closeTo(0.3, 1),
      expect.closeTo(0.2, 1),
      expect.closeTo(0.5, 1),
    ]);
  });

  it.each([
    ['in order', {}, ['sent', 'delivered']],
    ['twice', { duplicated: 1 }, ['sent', 'sent', 'delivered', 'delivered']],
    ['last one first', { reordered: 1 }, ['delivered', 'sent']],
    ['not at all', { lost: 1 }, []],
    ['late', { delayMillis: 5 }, ['sent', 'delivered']],
  ])('calls back %s', async (_, plan, expected) => {
    fake.plan = plan;
    await send();
    await fake.callbacks.settled();
    expect(received).toEqual(expected);
    expect(fake.callbacks.lost).toHaveLength(2 - new Set(expected).size);
  });

  it('calls back before it answers', async () => {
    fake.next({ early: true });
    expect(await send()).toBe(201);
    expect(received).toEqual(['sent']);
  });

  it('tries once more where the callback is not taken', async () => {
    status = 500;
    fake.plan = { retryMillis: 5 };
    await send();
    await fake.callbacks.settled();
    expect(received).toEqual(['sent', 'sent', 'delivered', 'delivered']);
    expect(fake.callbacks.answers.map((answer) => answer.status)).toEqual([500, 500, 500, 500]);
  });
});
