import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CallbackDoc } from '../../src/callbacks/callback.js';
import type { Callback } from '../fakes/callback-sender.js';
import { CALLBACK_TOKEN, OUR_NUMBER, Providers, PUBLIC_URL } from '../support/providers.js';
import { readMetrics } from '../support/read-metrics.js';
import { waitFor } from '../support/wait-for.js';

const SENDER = '+12025550142';
const JSON_API = { 'content-type': 'application/vnd.api+json' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('callbacks that are not what they should be', () => {
  let providers: Providers;
  let lines: string;

  beforeAll(async () => {
    lines = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines += String(text);
      return true;
    });
    providers = await Providers.start({ LOG_LEVEL: 'trace', FLOWROUTE_ALLOWED_ADDRESSES: '127.0.0.1' });
  });
  beforeEach(() => {
    lines = '';
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await providers.stop();
  });

  const stored = () => providers.gateway.store.collection<CallbackDoc>('callbacks').count({});
  async function refused({ method, url, headers, body }: Omit<Callback, 'body'> & { body: RequestInit['body'] }) {
    const before = await stored();
    const answer = await fetch(url.replace(PUBLIC_URL, providers.gateway.url), { method, headers, body: body ?? null });
    const told = (await answer.json()) as { code: string; details: { field: string }[] };
    expect(await stored()).toBe(before);
    return { status: answer.status, code: told.code, fields: told.details.map(({ field }) => field) };
  }
  /** Lines are written together, a moment later. */
  const logged = (msg: string) =>
    lines
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line))
      .filter((line) => line.msg === msg);
  const forged = { status: 403, code: 'forbidden', fields: [] };
  const inbound = () =>
    providers.twilio.inboundCallback(
      providers.twilio.receive(SENDER, OUR_NUMBER, 'STOP'),
      providers.urls.twilioInbound,
    );
  const event = (more: object = {}) => ({
    id: 'mdr2-1',
    from: '12025550142',
    to: '12065550100',
    body: 'STOP',
    ...more,
  });
  const flowroute = (body: unknown, url = providers.urls.flowrouteInbound): Callback => ({
    method: 'POST',
    url,
    headers: JSON_API,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

  it('are logged, without a number, a text or a secret', async () => {
    await refused({ ...inbound(), headers: FORM });
    await refused(flowroute(event(), providers.urls.flowrouteInbound.replace(CALLBACK_TOKEN, 'another-secret')));
    const refusals = () => logged('a callback was refused as forged');
    await waitFor(() => expect(refusals()).toHaveLength(2));
    const told = refusals();
    expect(told).toMatchObject([
      { carrier: 'twilio', about: 'inbound', address: '127.0.0.1', accounts: [providers.twilio.accountSid] },
      { carrier: 'flowroute', about: 'inbound', accounts: [], reason: 'no account is known by it' },
    ]);
    for (const hidden of [SENDER.slice(1), 'STOP', 'another-secret', providers.twilio.authToken])
      expect(JSON.stringify(told)).not.toContain(hidden);
  });

  it('are refused with 403 when their signature is not right, whatever is wrong with it', async () => {
    const right = inbound();
    const { 'x-twilio-signature': signature, ...unsigned } = right.headers;
    for (const callback of [
      { ...right, headers: unsigned },
      { ...right, headers: { ...right.headers, 'x-twilio-signature': signature!.toLowerCase() } },
      { ...right, body: `${right.body}&Body=START` },
      { ...right, url: `${right.url}?more=1` },
      { ...right, url: right.url.replace('inbound', 'status') },
      { ...right, body: right.body.replace(providers.twilio.accountSid, `AC${'f'.repeat(32)}`) },
    ])
      expect(await refused(callback)).toEqual(forged);
    expect(
      await refused(flowroute(event(), providers.urls.flowrouteInbound.replace(CALLBACK_TOKEN, 'another-secret'))),
    ).toEqual(forged);
    expect(await refused(flowroute(event(), `${PUBLIC_URL}/carriers/flowroute/${'x'.repeat(150)}/receipt`))).toEqual(
      forged,
    );
  });

  it('never show the secret of their URL in a log line or a metric, however they end', async () => {
    const { urls, gateway } = providers;
    for (const callback of [
      flowroute(event({ id: 'mdr2-once' })),
      flowroute('{'),
      flowroute('x'.repeat(70_000)),
      flowroute(event(), `${urls.flowrouteInbound}/nowhere`),
      flowroute(event(), `${urls.flowrouteInbound}%00`),
      flowroute(event(), `${urls.flowrouteInbound}%ff`),
      { ...flowroute(event()), method: 'PUT' },
      { ...flowroute(event()), headers: { 'content-type': 'text/plain' } },
    ])
      await fetch(callback.url.replace(PUBLIC_URL, gateway.url), callback);
    await waitFor(() => expect(logged('answered').length).toBeGreaterThanOrEqual(7));
    expect(lines).not.toContain(CALLBACK_TOKEN);
    expect((await gateway.api.get('/metrics')).body).not.toContain(CALLBACK_TOKEN);
    expect((await readMetrics(gateway.api)).sum('trunkline_callbacks_total', { fate: 'malformed' })).toBeGreaterThan(0);
  });

  it('are refused with 400 that names the field', async () => {
    const { twilio, urls } = providers;
    const field = (name: string) => ({ status: 400, code: 'invalid_request', fields: [name] });
    const signed = (fields: Record<string, string>) => twilio.callback(urls.twilioInbound, fields);
    const account = { AccountSid: twilio.accountSid };
    expect(await refused(signed({ MessageSid: 'SM1' }))).toEqual(field('AccountSid'));
    expect(await refused({ ...signed(account), body: '' })).toEqual(field('body'));
    expect(await refused(signed(account))).toEqual(field('MessageSid'));
    const long = { ...account, MessageSid: 'SM1', From: 'x'.repeat(5000), To: OUR_NUMBER, Body: 'x' };
    expect((await refused(signed(long))).status).toBe(400);
    for (const [body, name] of [
      ['', 'body'],
      ['[]', 'body'],
      ['[[[[', 'body'],
      [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'body'],
      [event({ from: null }), 'from'],
      [event({ id: undefined }), 'id'],
      [event({ id: 'x'.repeat(201) }), 'ref'],
      [event({ from: '1202\0' }), 'from'],
      [{ data: { id: 'mdr2-1', attributes: [] } }, 'data.attributes.from'],
    ] as const)
      expect(await refused(flowroute(body))).toEqual(field(name));
  });

  it('are refused when they are too large, or of another kind', async () => {
    const right = inbound();
    expect(await refused({ ...right, body: `${right.body}&x=${'x'.repeat(65_536)}` })).toMatchObject({ status: 413 });
    expect(await refused(flowroute(' '.repeat(65_537)))).toMatchObject({ status: 413 });
    expect(await refused({ ...right, headers: { ...right.headers, ...JSON_API } })).toMatchObject({ status: 415 });
    expect(await refused({ ...flowroute(event()), headers: FORM })).toMatchObject({ status: 415 });
    const fields = Array.from({ length: 9_000 }, (_, i) => `a${i}=`).join('&');
    expect(await refused({ ...right, body: `${fields}&AccountSid=${providers.twilio.accountSid}` })).toEqual(forged);
    const hidden = { ...right, body: `__proto__=1&constructor=1&${right.body}` };
    expect(await refused(hidden)).toEqual(forged);
  });

  it('are taken with more than they usually have', async () => {
    const { twilio, urls, gateway } = providers;
    const fields = {
      AccountSid: twilio.accountSid,
      MessageSid: 'SM77',
      From: SENDER,
      To: OUR_NUMBER,
      Body: 'a\0b\u{1F600}',
    };
    const { url, method, headers, body } = twilio.callback(urls.twilioInbound, {
      ...fields,
      ANewField: 'x'.repeat(5000),
      toString: '1',
    });
    expect((await fetch(url, { method, headers, body })).status).toBe(200);
    await providers.workThrough();
    const texts = await (await gateway.admin()).get('/inbound-messages?carrier=twilio&limit=1');
    expect(texts.body.items).toMatchObject([{ external_id: 'SM77', text: 'ab\u{1F600}' }]);
  });
});
