import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AppVersions } from './app-versions.js';

describe('the version of the app', () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  afterEach(() => void warn.mockClear());
  const from = (agent?: string) => ({ headers: agent === undefined ? {} : { 'user-agent': agent } });

  it('is read, and nothing is told of one that is known', () => {
    expect(new AppVersions().read(from('me.capcom.smsgateway/1.66.2'))).toBe('1.66.2');
    expect(warn).not.toHaveBeenCalled();
  });

  it('is told in the log once when it is not known, or not named', () => {
    const versions = new AppVersions();
    expect([1, 2].map(() => versions.read(from('me.capcom.smsgateway/3.0.0-beta')))).toEqual([
      '3.0.0-beta',
      '3.0.0-beta',
    ]);
    expect([versions.read(from('okhttp/4.12')), versions.read(from())]).toEqual([null, null]);
    expect(warn.mock.calls.map(([line]) => line)).toEqual([
      expect.stringContaining('(3.0.0-beta)'),
      expect.stringContaining('(okhttp/4.12)'),
      expect.stringContaining('(it names none)'),
    ]);
  });
});
