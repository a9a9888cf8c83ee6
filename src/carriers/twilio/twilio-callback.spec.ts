import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import webhooks from 'twilio/lib/webhooks/webhooks.js';
import type { ProviderCall } from '../carrier.js';
import { readCallback } from './twilio-callback.js';

const TOKEN = '12345';
const BASE = 'https://sms.example.test/carriers/twilio';
const SM = `SM${'1'.repeat(32)}`;
type Fields = Record<string, string>;

function call(
  about: ProviderCall['about'],
  url: string,
  body: string,
  signature: string,
  method = 'POST',
): ProviderCall {
  return { about, method, url, headers: { 'x-twilio-signature': signature }, address: '192.0.2.1', body };
}
const read = (one: ProviderCall) => readCallback(one, TOKEN, webhooks.validateRequest);
const hmac = (text: string) => createHmac('sha1', TOKEN).update(text).digest('base64');

function signed(about: ProviderCall['about'], fields: Fields, url = `${BASE}/${about}`): ProviderCall {
  const data = Object.keys(fields)
    .sort()
    .map((name) => name + fields[name]);
  return call(about, url, new URLSearchParams(fields).toString(), hmac(url + data.join('')));
}
const event = (about: ProviderCall['about'], fields: Fields, url?: string) => {
  const reading = read(signed(about, fields, url));
  if (reading.kind !== 'read') throw new Error(JSON.stringify(reading));
  return reading.events[0]!;
};

describe("Twilio's signature", () => {
  const known = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  const fields = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  };
  const body = new URLSearchParams(fields).toString();
  const good = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';

  it('is the one of the known vector, with the port or without', () => {
    expect(hmac(known + Object.entries(fields).flat().join(''))).toBe(good);
    // It is no text, so what is missing is said only after the signature is found right.
    expect(read(call('status', known, body, good))).toMatchObject({ kind: 'malformed', field: 'MessageSid' });
    const withPort = known.replace('.com/', '.com:443/');
    expect(read(call('status', withPort, body, good))).toMatchObject({ kind: 'malformed' });
  });

  it.each([
    ['another token', call('status', known, body, createHmac('sha1', 'x').update(known).digest('base64'))],
    ['another field', call('status', known, `${body}&Body=more`, good)],
    ['another value', call('status', known, body.replace('1234', '1235'), good)],
    ['another query', call('status', `${known}&attempt=1`, body, good)],
    ['another host', call('status', known.replace('mycompany', 'yourcompany'), body, good)],
    ['no signature', call('status', known, body, '')],
    ['half a signature', call('status', known, body, good.slice(0, 10))],
    ['a signature of something else', call('status', known, body, '\u{1F600}')],
    ['a URL that is none', call('status', 'not a url', body, good)],
    ['the fields in the query instead', call('status', `${known}&${body}`, '', good, 'GET')],
  ])('refuses %s', (_, forged) => {
    expect(read(forged)).toMatchObject({ kind: 'forged' });
  });

  it('covers fields that Twilio adds, empty ones and repeated ones', () => {
    expect(event('status', { MessageSid: SM, MessageStatus: 'sent', NewField: '', __proto: 'x' })).toMatchObject({
      state: 'sent',
    });
    const url = `${BASE}/status`;
    const repeated = `MessageSid=${SM}&MessageStatus=sent&Tag=b&Tag=a&__proto__=y`;
    const data = `${url}MessageSid${SM}MessageStatussentTagaTagb__proto__y`;
    expect(read(call('status', url, repeated, hmac(data)))).toMatchObject({ kind: 'read' });
  });

  it('covers a GET by its URL, and its fields are read from there', () => {
    const url = `${BASE}/status?MessageSid=${SM}&MessageStatus=delivered&attempt=a1`;
    expect(read(call('status', url, '', hmac(url), 'GET'))).toMatchObject({
      kind: 'read',
      events: [{ ref: SM, state: 'delivered', attempt: 'a1' }],
    });
  });

  it('never falls over what strangers post, and takes no time for thousands of fields', () => {
    const anything = fc.record({
      url: fc.webUrl({ withQueryParameters: true }),
      body: fc.string(),
      signature: fc.string(),
    });
    fc.assert(
      fc.property(anything, fc.constantFrom('inbound', 'status'), ({ url, body, signature }, about) => {
        expect(['forged', 'malformed']).toContain(read(call(about as 'inbound', url, body, signature)).kind);
      }),
      { seed: 20261121, numRuns: 200 },
    );
    const broken = `%E0%A4%A&%=%&a=%zz&${'=&'.repeat(100)}`;
    expect(read(call('inbound', `${BASE}/inbound?%E0%A4`, broken, 'x'))).toMatchObject({ kind: 'forged' });
    const many = Array.from({ length: 16_000 }, (_, i) => `a${i % 8000}=`).join('&');
    const before = performance.now();
    expect(read(call('inbound', `${BASE}/inbound`, many, 'x'))).toMatchObject({ kind: 'forged' });
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('a status callback', () => {
  it.each([
    ['accepted', 'sending'],
    ['queued', 'sending'],
    ['scheduled', 'sending'],
    ['sending', 'sending'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['failed', 'failed'],
    ['undelivered', 'failed'],
    ['canceled', 'failed'],
    ['partially_delivered', 'none'],
    ['teleported', 'none'],
    ['constructor', 'none'],
  ])('%s means %s', (status, state) => {
    expect(event('status', { MessageSid: SM, MessageStatus: status })).toEqual({
      kind: 'receipt',
      ref: SM,
      attempt: null,
      state,
      status,
      code: null,
    });
  });

  it('reads the attempt from the URL, the older names of fields, and the price where there is one', () => {
    const fields = { SmsSid: SM, SmsStatus: 'delivered', Price: '-0.00750', PriceUnit: 'usd', ErrorCode: '0' };
    expect(event('status', fields, `${BASE}/status?attempt=msg_1.lea_1`)).toMatchObject({
      ref: SM,
      attempt: 'msg_1.lea_1',
      state: 'delivered',
      code: null,
      price: { amount: '0.00750', currency: 'USD' },
    });
  });

  it('opts out with 21610, gives reasons in our words, and none for a code that nobody knows', () => {
    const failed = (ErrorCode: string) =>
      event('status', { MessageSid: SM, MessageStatus: 'failed', To: '+12025550142', ErrorCode });
    expect(failed('21610')).toMatchObject({
      state: 'failed',
      code: '21610',
      opt_out: true,
      reason: expect.any(String),
    });
    expect(failed('30003')).toMatchObject({ code: '30003', reason: expect.stringContaining('reached') });
    expect(failed('30003')).not.toHaveProperty('opt_out');
    expect(failed('12345')).toEqual({
      kind: 'receipt',
      ref: SM,
      attempt: null,
      state: 'failed',
      status: 'failed',
      code: '12345',
    });
  });

  it.each([
    ['MessageSid', { MessageStatus: 'sent' }],
    ['MessageStatus', { MessageSid: SM }],
  ])('names %s when it is missing', (field, fields) => {
    expect(read(signed('status', fields as unknown as Fields))).toMatchObject({ kind: 'malformed', field });
  });
});

describe('a received text', () => {
  const sms = { MessageSid: SM, From: '+12025550142', To: '+15005550006', Body: 'Stop 100 % & "go"', NumMedia: '0' };

  it('is an SMS with its numbers and its words as they came', () => {
    expect(event('inbound', sms)).toEqual({
      kind: 'inbound',
      ref: SM,
      channel: 'sms',
      from: '+12025550142',
      to: '+15005550006',
      text: 'Stop 100 % & "go"',
      received_at: null,
    });
  });

  it('keeps short codes and names, an MMS without words, and what Twilio recognised itself', () => {
    expect(event('inbound', { ...sms, From: '40404', To: 'postman' })).toMatchObject({ from: '40404', to: 'postman' });
    const { Body: _, ...mms } = { ...sms, NumMedia: '2' };
    expect(event('inbound', mms)).toMatchObject({ text: '', media: 2 });
    for (const word of ['STOP', 'START', 'HELP'] as const)
      expect(event('inbound', { ...sms, OptOutType: word })).toMatchObject({ keyword: word.toLowerCase() });
    expect(event('inbound', { ...sms, OptOutType: 'toString' })).not.toHaveProperty('keyword');
  });

  it.each([
    [{ From: 'whatsapp:+12025550142', To: 'whatsapp:+15005550006' }, '+12025550142'],
    [{ From: '+12025550142', To: 'whatsapp:+15005550006' }, '+12025550142'],
    [{ From: '12025550142', To: 'whatsapp:+15005550006' }, '+12025550142'],
    [{ From: 'whatsapp:US.1234', To: 'whatsapp:+15005550006' }, 'US.1234'],
    [{ From: '', ExternalUserId: 'whatsapp:US.1234', To: '+15005550006' }, 'US.1234'],
  ])('came by WhatsApp: %j', (addresses, from) => {
    expect(event('inbound', { ...sms, ...addresses })).toMatchObject({ channel: 'whatsapp', from, to: '+15005550006' });
  });

  it('has the words of the button that was pressed', () => {
    expect(event('inbound', { ...sms, Body: '', ButtonText: 'Yes, please' })).toMatchObject({ text: 'Yes, please' });
  });

  it.each([
    ['MessageSid', { ...sms, MessageSid: '' }],
    ['From', { ...sms, From: '' }],
    ['To', { ...sms, To: '' }],
    ['From', { ...sms, From: 'messenger:4711' }],
  ])('names %s when it is missing or of another channel', (field, fields) => {
    expect(read(signed('inbound', fields))).toMatchObject({ kind: 'malformed', field });
  });
});
