import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Callback } from '../fakes/callback-sender.js';
import { must } from '../support/people.js';
import { CALLBACK_TOKEN, OUR_NUMBER, Providers } from '../support/providers.js';
import { openShop, type Shop } from '../support/shop.js';

const UNREADABLE = 'There was an issue parsing your request.';
const [SENDER, OURS] = ['12025550142', OUR_NUMBER.slice(1)];

describe.each([
  ['with the secret', { token: `?token=${CALLBACK_TOKEN}`, env: {} }],
  ['without it, where the switch for development opens the surface', { token: '', env: { OPEN_SURFACES: '1' } }],
])('POST / of Flowroute, %s', (_, { token, env }) => {
  let providers: Providers;
  let shop: Shop;

  beforeAll(async () => {
    providers = await Providers.start(env);
    shop = await openShop(providers.gateway);
  });
  afterAll(() => providers.stop());

  const post = async (path: string, body: Callback['body'], headers: Record<string, string> = {}) => {
    const json = { 'content-type': 'application/json', ...headers };
    const answer = await fetch(providers.gateway.url + path, { method: 'POST', headers: json, body });
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  };
  const texts = async () => {
    await providers.workThrough();
    const { items } = must(200, await shop.client.get('/inbound-messages?carrier=flowroute'));
    return items.map(({ from, to, text }: Record<string, string>) => [from, to, text]);
  };

  it('takes a text of either version and answers nothing', async () => {
    const received = providers.flowroute.receive(SENDER, OURS, 'version 2');
    const { body, headers } = providers.flowroute.inboundCallback(received, 'http://unused.test');
    expect(await post(`/${token}`, body, headers as never)).toMatchObject({ status: 200, body: '' });
    const flat = JSON.stringify({ to: OURS, from: SENDER, body: 'version 1' });
    expect(await post(`/sms${token}`, flat)).toMatchObject({ status: 200, body: '' });
    expect((await texts()).toSorted()).toEqual([
      [`+${SENDER}`, OUR_NUMBER, 'version 1'],
      [`+${SENDER}`, OUR_NUMBER, 'version 2'],
    ]);
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', '[]'],
    ['no text', JSON.stringify({ to: OURS, from: SENDER })],
    ['no sender', JSON.stringify({ to: OURS, body: 'x' })],
  ])('says of %s that it can not be read', async (_what, body) => {
    const before = await texts();
    expect(await post(`/${token}`, body)).toEqual({
      status: 400,
      type: expect.stringMatching(/^text\/plain/),
      body: UNREADABLE,
    });
    expect(await texts()).toEqual(before);
  });

  it('refuses whoever has another secret', async () => {
    const answer = await post('/?token=the-secret-of-nobody', JSON.stringify({ to: OURS, from: SENDER, body: 'x' }));
    expect(answer).toMatchObject({ status: 403, type: expect.stringMatching(/^application\/json/) });
    expect(JSON.parse(answer.body)).toEqual({ message: expect.stringContaining('not signed'), reason: 'forbidden' });
  });
});

describe('POST / of Flowroute', () => {
  it('needs the secret', async () => {
    const providers = await Providers.start();
    const body = JSON.stringify({ to: OURS, from: SENDER, body: 'x' });
    const answer = await fetch(`${providers.gateway.url}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(403);
    const wrongType = await fetch(`${providers.gateway.url}/`, { method: 'POST', body: 'x' });
    expect([wrongType.status, await wrongType.json()]).toEqual([
      415,
      { message: expect.stringContaining('application/json'), reason: 'unsupported_media_type' },
    ]);
    const patched = await fetch(`${providers.gateway.url}/`, { method: 'PATCH' });
    expect([patched.status, await patched.json()]).toEqual([
      405,
      { message: expect.stringContaining('POST'), reason: 'method_not_allowed' },
    ]);
    await providers.stop();
  });
});
