import { describe, expect, it } from '@jest/globals';
import { UsageError } from './command.js';
import { readPhoneOptions } from './phone-options.js';

const read = (text: string) => readPhoneOptions(text.split(' ').filter(Boolean));

describe('the options of npm run phone', () => {
  it('are optional but for what to do', () =>
    expect(read('add')).toEqual({
      tenant: 'default',
      label: null,
      group: null,
      url: null,
      timeout: null,
      plain: false,
    }));

  it('are read', () => {
    expect(read('add --tenant north --label Counter --group shop --url https://sms.example.com/ --timeout 60')).toEqual(
      {
        tenant: 'north',
        label: 'Counter',
        group: 'shop',
        url: 'https://sms.example.com',
        timeout: 60,
        plain: false,
      },
    );
    expect(read('add --test +84901234567 --plain')).toMatchObject({ test: '+84901234567', plain: true });
    expect(read('add --no-test')).toMatchObject({ test: null });
    expect(read('--help')).toBeNull();
  });

  it.each([
    ['', '--tenant SLUG'],
    ['remove', '--tenant SLUG'],
    ['add more', '--tenant SLUG'],
    ['add --colour red', '--colour'],
    ['add --label', '--label'],
    [`add --label ${'x'.repeat(201)}`, '--label has from 1 to 200'],
    ['add --label=', '--label has from 1 to 200'],
    ['add --group Shop', '--group is lower-case'],
    ['add --group=', '--group is lower-case'],
    ['add --url sms.example.com', '--url begins with https'],
    ['add --url https://', '--url begins with https'],
    ['add --url=', '--url begins with https'],
    ['add --test=', '--test is a phone number'],
    ['add --test +84901234567 --no-test', 'exclude each other'],
    ['add --timeout 0', '--timeout is a number of seconds'],
    ['add --timeout soon', '--timeout is a number of seconds'],
    ['add --timeout 601', '--timeout is a number of seconds'],
  ])('“%s” are refused with what to do', (text, words) => {
    expect(() => read(text)).toThrow(UsageError);
    expect(() => read(text)).toThrow(words);
  });
});
