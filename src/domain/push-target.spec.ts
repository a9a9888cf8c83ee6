import { expect, it } from '@jest/globals';
import { readPushTarget, writePushTarget } from './push-target.js';

it.each([
  ['token:dyimeA:APA91b', { kind: 'token', value: 'dyimeA:APA91b' }],
  ['token:topic:all', { kind: 'token', value: 'topic:all' }],
  ['topic:news', { kind: 'topic', value: 'news' }],
  ['fid:c1a2', { kind: 'fid', value: 'c1a2' }],
] as const)('%s is read as it was written', (to, target) => {
  expect(readPushTarget(to)).toEqual(target);
  expect(writePushTarget(target)).toBe(to);
});

it.each(['', 'token:', ':value', 'news', 'mailto:a@example.com'])('%j is no target', (to) => {
  expect(readPushTarget(to)).toBeNull();
});
