import { expect, it } from '@jest/globals';
import { waysFor, type Reach, type Wish } from './preference.js';

const ALL: Reach = { preference: 'email', stopped: [], has: ['email', 'sms', 'push'] };
const BY_PREFERENCE: Wish = { ways: null, critical: false };

it.each<[string, Reach, Wish, ReturnType<typeof waysFor>]>([
  ['by preference', ALL, BY_PREFERENCE, ['email']],
  ['in the order that was asked for', ALL, { ways: ['push', 'sms'], critical: false }, ['push', 'sms']],
  ['not at all by preference', { ...ALL, preference: 'none' }, BY_PREFERENCE, 'PREFERENCE_NONE'],
  [
    'nor by ways that were asked for',
    { ...ALL, preference: 'none' },
    { ways: ['sms'], critical: false },
    'PREFERENCE_NONE',
  ],
  [
    'by any way when it is critical',
    { ...ALL, preference: 'none' },
    { ways: null, critical: true },
    ['email', 'sms', 'push'],
  ],
  ['not by a way that was ended', { ...ALL, stopped: ['push'] }, { ways: ['push', 'sms'], critical: false }, ['sms']],
  ['nor when it is critical', { ...ALL, stopped: ['email'] }, { ways: null, critical: true }, 'STOPPED'],
  ['by what there is an address for', { ...ALL, has: ['sms'] }, { ways: ['push', 'sms'], critical: false }, ['sms']],
  ['not without an address', { ...ALL, has: ['sms'] }, BY_PREFERENCE, 'NO_ADDRESS'],
])('somebody is told %s', (_, reach, wish, expected) => {
  expect(waysFor(reach, wish)).toEqual(expected);
});
