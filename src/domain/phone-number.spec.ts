import { describe, expect, it } from '@jest/globals';
import { destinationAbroad, maskNumber, parsePhoneNumber } from './phone-number.js';

const home = { defaultPrefix: '+84', blockInternational: false };

describe('phone number', () => {
  it.each([
    ['0901234567', '+84901234567'],
    ['+84901234567', '+84901234567'],
    [' 84901234567', '+84901234567'],
    ['84901234567', '+84901234567'],
    ['(090) 123-4567', '+84901234567'],
    ['+201009129288', '+201009129288'],
    ['+14158675309', '+14158675309'],
    ['+15551234567', '+15551234567'],
  ])('reads %j', (typed, e164) => {
    expect(parsePhoneNumber(typed, home)).toEqual({ e164 });
  });

  it.each([
    '',
    'abc',
    '123',
    '+84',
    '0000000000',
    '0901234567 ext 5',
    '+84901234567890123',
    '٠'.repeat(40),
    'call 0901234567',
  ])('refuses %j', (typed) => {
    expect(parsePhoneNumber(typed, home)).toHaveProperty('problem');
  });

  it('refuses numbers abroad where that is asked', () => {
    const strict = { ...home, blockInternational: true };
    expect(parsePhoneNumber('+14158675309', strict)).toHaveProperty(
      'problem',
      expect.stringContaining('BLOCK_INTERNATIONAL'),
    );
    expect(parsePhoneNumber('0901234567', strict)).toEqual({ e164: '+84901234567' });
  });

  it.each([
    ['+84901234567', '+84', null],
    ['+447911123456', '+84', '+4479'],
    ['+14158675309', '+84', '+141'],
    ['+855972345678', '+84', '+85597'],
    ['+84901234567', '+1', '+8490'],
    ['+14158675309', '+1', null],
  ])('of %s is abroad for %s: %s', (e164, home, destination) => {
    expect(destinationAbroad(e164, home)).toBe(destination);
  });

  it('masks for logs', () => {
    expect(maskNumber('+84901234567')).toBe('+84***567');
    expect(maskNumber('911')).toBe('***');
  });
});
