import { describe, expect, it } from '@jest/globals';
import { formatRoute, parseRoute } from './route.js';

describe('a route', () => {
  it.each([
    'agent:agt_01jd2m0q8nfgt1vwzzk4x6s5ah',
    'group:day_shift-2',
    'group:7',
    'carrier:twilio',
    'carrier:smtp-2',
    'carrier:46elks',
  ])('%s is written as it was read', (text) => {
    expect(formatRoute(parseRoute(text)!)).toBe(text);
  });

  it.each([
    '',
    'agent',
    'agent:',
    'agent:agt_1',
    'group:',
    'group:-a',
    'group:A',
    'carrier:',
    'carrier:-twilio',
    'carrier:Twilio',
    'carrier:a b',
    'carrier:a:b',
    `carrier:${'a'.repeat(41)}`,
    'auto:x',
  ])('%j is none', (text) => {
    expect(parseRoute(text)).toBeNull();
  });
});
