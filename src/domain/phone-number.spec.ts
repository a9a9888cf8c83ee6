import { describe, expect, it } from '@jest/globals';
import { destinationAbroad, maskNumber, parsePhoneNumber, parseSender, type NumberRules } from './phone-number.js';

const home: NumberRules = { defaultPrefix: '+84', defaultCountry: null, blockInternational: false, shortCodes: false };
const parse = (typed: string, defaultPrefix: string, more: Partial<NumberRules> = {}) =>
  parsePhoneNumber(typed, { ...home, defaultPrefix, ...more });

describe('phone number', () => {
  it.each([
    ['0901234567', '+84901234567'],
    ['+84901234567', '+84901234567'],
    [' 84901234567', '+84901234567'],
    ['84901234567', '+84901234567'],
    ['901234567', '+84901234567'],
    ['(090) 123-4567', '+84901234567'],
    ['0901.234.567', '+84901234567'],
    ['0084901234567', '+84901234567'],
    ['00 84 901 234 567', '+84901234567'],
    ['+0084901234567', '+84901234567'],
    ['(+84) 901234567', '+84901234567'],
    ['(0084) 901234567', '+84901234567'],
    ['+(84) 901234567', '+84901234567'],
    ['+84 (0)90 123 4567', '+84901234567'],
    ['+84 0901234567', '+84901234567'],
    ['\u202A+84901234567\u202C', '+84901234567'],
    ['\u200B+84\u200E90\u206012\u20683\u2069\u00AD4567\uFEFF', '+84901234567'],
    ['\u00A0+84\u00A0901\u202F234\u2009567\t', '+84901234567'],
    ['0901\t234\t567', '+84901234567'],
    ['+84–901–234–567', '+84901234567'],
    ['＋８４９０１２３４５６７', '+84901234567'],
    ['0901234567;', '+84901234567'],
    ['+84901234567, ', '+84901234567'],
    ["'+84901234567", '+84901234567'],
    ["'0901234567", '+84901234567'],
    ['\u20190901 234 567', '+84901234567'],
    ['="0901234567"', '+84901234567'],
    ['tel:+84901234567', '+84901234567'],
    ['TEL: 0901-234-567', '+84901234567'],
    ['sms:+84901234567;', '+84901234567'],
    ['+201009129288', '+201009129288'],
    ['+14158675309', '+14158675309'],
    ['19001234', '+8419001234'],
  ])('reads %j', (typed, e164) => {
    expect(parsePhoneNumber(typed, home)).toEqual({ e164 });
  });

  it.each([
    ['06.12.34.56.78', '+33', '+33612345678'],
    ['0033612345678', '+33', '+33612345678'],
    ['0812345678', '+62', '+62812345678'],
    // Indonesians dial 008 or 009 before a country code, but nobody writes it so.
    ['00971501234567', '+62', '+971501234567'],
    ['0084901234567', '+62', '+84901234567'],
    ['0084901234567', '+358', '+84901234567'],
    ['0084901234567', '+1', '+84901234567'],
    ['011 84 901234567', '+1', '+84901234567'],
    ['0011 84 901234567', '+61', '+84901234567'],
    ['415 867 5309', '+1', '+14158675309'],
    ['8 911 123 45 67', '+7', '+79111234567'],
    ['06 1234 5678', '+39', '+390612345678'],
  ])('reads %j where %s is at home', (typed, prefix, e164) => {
    expect(parse(typed, prefix)).toEqual({ e164 });
  });

  it('reads the national numbers of the country that is named, where several share a code', () => {
    expect(parse('01481 720000', '+44', { defaultCountry: 'GG' })).toEqual({ e164: '+441481720000' });
    // Seven digits are a whole number on Guernsey alone.
    expect(parse('0720000', '+44', { defaultCountry: 'GB' })).toHaveProperty('problem');
    expect(parse('720000', '+44', { defaultCountry: 'GG' })).toEqual({ e164: '+441481720000' });
    expect(parse('0901234567', '+84', { defaultCountry: 'US' })).toEqual({ e164: '+84901234567' });
  });

  it.each([
    ['', 'empty'],
    [' \u200B', 'empty'],
    ['abc', 'is not a phone number'],
    ['call 0901234567', 'is not a phone number'],
    ['123', 'too short'],
    ['+84', 'country code'],
    ['+840', 'country code'],
    ['+99912345678', 'country code'],
    ['+84123456', 'too short'],
    ['8888', 'allow_short_codes'],
    ['0000000000', 'not a valid number of +84'],
    ['0123456789', 'not a valid number of +84'],
    ['+84123456789', 'not a valid number of +84'],
    ['+12223334444', 'not a valid number of +1'],
    ['+15551234567', 'not a valid number of +1'],
    ['+84901234567890123', 'too long'],
    ['0901234567 ext 5', 'extension'],
    ['tel:+84901234567;ext=5', 'semicolon'],
    ['0901234567;0902345678', 'one phone number'],
    ['0901234567, 0902345678', 'one phone number'],
    ['0901234567.0', 'decimal'],
    ['84901234567.0', 'decimal'],
    ['+84901234567.00', 'decimal'],
    ['090 1234567.5', 'decimal'],
    ['84901234567,0', 'decimal'],
    ['8.49E+10', 'spreadsheet'],
    ['8,49e10', 'spreadsheet'],
    ['+8.49012E+10', 'spreadsheet'],
    ['٠'.repeat(40), 'too long'],
    ['9'.repeat(100_000), 'too long'],
  ])('refuses %j in words: %s', (typed, word) => {
    expect(parsePhoneNumber(typed, home)).toEqual({ problem: expect.stringContaining(word) });
  });

  it('refuses the decimals of a spreadsheet wherever they would be somebody’s number', () => {
    for (const typed of ['0812345678.0', '6281234567.0', '812345678.00', '+62812345678.0'])
      expect(parse(typed, '+62')).toEqual({ problem: expect.stringContaining('decimal') });
  });

  it('takes short codes as their digits, and numbers that no plan knows, where that is allowed', () => {
    const open = { ...home, shortCodes: true, blockInternational: true };
    for (const code of ['113', '8888', '\u202A8888\u202C', '116117'])
      expect(parsePhoneNumber(code, open)).toEqual({ e164: code.replace(/\D/g, '') });
    expect(parse('+33700012345678', '+33', { shortCodes: true })).toEqual({ e164: '+33700012345678' });
    expect(parse('+33700012345678', '+33')).toHaveProperty('problem', 'is too long for a number of +33');
    for (const typed of ['12', '0123', '+8888', '+99912345678', '0123456789', '8888.0'])
      expect(parsePhoneNumber(typed, open)).toHaveProperty('problem');
    expect(parsePhoneNumber('0901234567', open)).toEqual({ e164: '+84901234567' });
  });

  it('takes what is possible where it may be stored already, if it has its country code', () => {
    const lenient = { ...home, anyPossible: true };
    expect(parsePhoneNumber('+12223334444', lenient)).toEqual({ e164: '+12223334444' });
    expect(parsePhoneNumber('0012223334444', lenient)).toEqual({ e164: '+12223334444' });
    for (const typed of ['12223334444', '0123456789', '+1222333444', '0901234567.0'])
      expect(parsePhoneNumber(typed, lenient)).toHaveProperty('problem');
  });

  it('says so where a number has no country and the default prefix is none', () => {
    for (const prefix of ['+840', '', '+', '84', '+constructor'])
      expect(parse('0901234567', prefix)).toEqual({ problem: expect.stringContaining('default_country_prefix') });
    expect(parse('+84901234567', '+840')).toEqual({ e164: '+84901234567' });
    expect(parse('0084901234567', '+840')).toEqual({ e164: '+84901234567' });
    expect(parse('+870773111632', '+870')).toEqual({ e164: '+870773111632' });
    expect(parse('773111632', '+870')).toEqual({ e164: '+870773111632' });
  });

  it.each([
    ['0901 234 567', '+84901234567'],
    ['\u202A+84901234567\u202C', '+84901234567'],
    ['+12223334444', '+12223334444'],
    ['VINAPHONE\u200B', 'VINAPHONE'],
    [' 8888', '8888'],
    ['carrier:twilio', 'carrier:twilio'],
  ])('reads the sender %j', (typed, sender) => {
    expect(parseSender(typed, home)).toBe(sender);
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
    ['8888', '+84', null],
  ])('of %s is abroad for %s: %s', (e164, home, destination) => {
    expect(destinationAbroad(e164, home)).toBe(destination);
  });

  it('masks for logs', () => {
    expect(maskNumber('+84901234567')).toBe('+84***567');
    expect(maskNumber('911')).toBe('***');
  });
});
