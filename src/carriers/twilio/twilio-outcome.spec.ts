import { describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from '../http-call.js';
import { outcomeOfSend } from './twilio-outcome.js';

const NOW = new Date('2026-11-21T22:30:00Z');
const answer = (status: number, body: unknown = {}, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
  kind: 'answered',
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const outcome = (...given: Parameters<typeof answer>) => outcomeOfSend(answer(...given), NOW, true);
const error = (code: number) => ({ code, message: 'To +12025550142', more_info: '', status: 400 });

describe('what became of a text that Twilio answered', () => {
  it.each([
    ['an error page', '<html>502</html>'],
    ['a code that would be permanent', error(21211)],
    ['a code that would ask for patience', error(20429)],
  ])('is unknown with a 5xx, whatever the body: %s', (_, body) => {
    for (const status of [500, 502, 503, 504, 520]) expect(outcome(status, body)).toMatchObject({ kind: 'unknown' });
  });

  it("is later with a 503 that carries both Twilio's own error and Retry-After, and unknown with one alone", () => {
    const wait = { 'retry-after': '20' };
    expect(outcome(503, error(20503), wait)).toMatchObject({
      kind: 'later',
      cause: 'load',
      code: '20503',
      retry_after: 20,
    });
    expect(outcome(503, error(20503))).toMatchObject({ kind: 'unknown' });
    expect(outcome(503, 'Service Unavailable', wait)).toMatchObject({ kind: 'unknown' });
    expect(outcome(500, error(20503), wait)).toMatchObject({ kind: 'unknown' });
  });

  it('is later with any 429, for the whole account until the next day when its texts of today are used up', () => {
    expect(outcome(429, 'slow down')).toMatchObject({ kind: 'later', cause: 'load', code: 'http_429' });
    expect(outcome(429, error(21211))).toMatchObject({ kind: 'later', cause: 'load', code: '21211' });
    expect(outcome(429, error(63038))).toMatchObject({ cause: 'load', account: true, retry_after: 5400 });
    expect(outcome(429, error(63038), { 'retry-after': '1' })).toMatchObject({ account: true, retry_after: 5400 });
    expect(outcome(429, error(20429))).not.toHaveProperty('account');
  });

  it('holds the account when its credentials are refused, with or without a code, and when it is not active', () => {
    const held = { kind: 'later', cause: 'failure', account: true };
    expect(outcome(401, '')).toMatchObject({ ...held, code: 'http_401', retry_after: 60 });
    expect(outcome(401, error(20003))).toMatchObject({ ...held, code: '20003', retry_after: 60 });
    expect(outcome(403, error(20003))).toMatchObject(held);
    expect(outcome(401, error(70051))).toMatchObject(held);
    expect(outcome(403, error(20005))).toMatchObject({ ...held, retry_after: 300 });
  });

  it('is later with the codes of full queues; Retry-After comes before our own time', () => {
    expect(outcome(400, error(21611))).toMatchObject({ kind: 'later', cause: 'load', retry_after: 300 });
    expect(outcome(400, error(21611), { 'retry-after': '12' })).toMatchObject({ retry_after: 12 });
    expect(outcome(400, error(30001))).toMatchObject({ kind: 'later', cause: 'load' });
  });

  it.each([
    [400, error(21211), 'recipient'],
    [400, error(21408), 'route'],
    [400, error(21617), 'text'],
    [413, '', 'text'],
    [400, error(99999), 'route'],
    [400, { code: 'constructor' }, 'route'],
    [404, error(20404), 'route'],
    [422, '[]', 'route'],
  ])('is refused for good with HTTP %s and %j: %s', (status, body, fault) => {
    expect(outcome(status, body)).toMatchObject({ kind: 'refused', fault });
  });

  it('opts out with 21610, and never repeats what Twilio says', () => {
    const refused = outcome(400, error(21610));
    expect(refused).toMatchObject({ kind: 'refused', fault: 'recipient', opt_out: true, code: '21610' });
    expect(JSON.stringify(refused)).not.toContain('2025550142');
  });

  it.each([
    [{ sid: `SM${'0'.repeat(32)}`, status: 'queued', error_code: null }, `SM${'0'.repeat(32)}`],
    [{ status: 'queued' }, null],
    [{ sid: '../Accounts' }, null],
    [{ sid: 17 }, null],
    ['<html>', null],
    ['', null],
  ])('is accepted with 201 and %j, by the id %s', (body, ref) => {
    expect(outcome(201, body)).toEqual({ kind: 'accepted', ref, receipts: true });
    expect(outcomeOfSend(answer(201, body), NOW, false)).toEqual({ kind: 'accepted', ref, receipts: ref !== null });
  });

  it('is what its code says when its first status is already a failure', () => {
    const failed = (code: number) => ({ sid: 'SM1', status: 'failed', error_code: code });
    expect(outcome(201, failed(21610))).toMatchObject({ kind: 'refused', opt_out: true });
    expect(outcome(201, failed(30001))).toMatchObject({ kind: 'later', cause: 'load' });
    expect(outcome(201, { sid: 'SM1', status: 'failed' })).toMatchObject({ kind: 'accepted', ref: 'SM1' });
  });

  it('is later when Twilio is at another address, and unknown after a redirect that comes when the work is done', () => {
    for (const status of [301, 302, 307, 308])
      expect(outcome(status)).toMatchObject({ kind: 'later', cause: 'failure' });
    expect(outcome(303)).toMatchObject({ kind: 'unknown' });
    expect(outcome(408)).toMatchObject({ kind: 'later', cause: 'failure' });
  });
});
