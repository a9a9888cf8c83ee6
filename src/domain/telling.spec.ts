import { describe, expect, it } from '@jest/globals';
import { fateOf, hasFailed, mayChange, outcomeOfAll } from './telling.js';

const failed = (last_error: string, outcome?: 'sent' | 'undelivered' | 'delivered') => ({
  status: 'FAILED' as const,
  last_error,
  ...(outcome ? { delivery: { outcome } } : {}),
});

describe('what became of a message to somebody who is told something', () => {
  it('is certain once it failed, and never while it may have gone out', () => {
    expect(fateOf(failed('NO_SERVICE'))).toBe('failed');
    expect(fateOf(failed('UNCONFIRMED'))).toBe('uncertain');
    expect(fateOf({ status: 'SENDING', last_error: null })).toBe('open');
  });

  it('is what was told of it when its status could not follow', () => {
    expect(fateOf(failed('UNCONFIRMED', 'sent'))).toBe('sent');
    expect(fateOf(failed('UNCONFIRMED', 'undelivered'))).toBe('failed');
    expect(fateOf({ status: 'SENT', last_error: null, delivery: { outcome: 'undelivered' } })).toBe('failed');
  });

  it('ends at SENT for e-mail and push', () => {
    expect([mayChange('sent', 'sms'), mayChange('sent', 'email'), mayChange('sent', 'push')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('all the messages of somebody', () => {
  it('come to the best of them', () => {
    expect(outcomeOfAll(['failed', 'delivered', 'sent'])).toBe('delivered');
    expect(outcomeOfAll(['failed', 'open'])).toBe('waiting');
    expect(outcomeOfAll(['uncertain', 'canceled'])).toBe('failed');
    expect(outcomeOfAll(['canceled'])).toBe('canceled');
  });

  it('have failed only when each of them has, for certain', () => {
    expect(hasFailed(['failed', 'failed'])).toBe(true);
    for (const other of ['open', 'sent', 'uncertain', 'canceled'] as const)
      expect(hasFailed(['failed', other])).toBe(false);
    expect(hasFailed([])).toBe(false);
  });
});
