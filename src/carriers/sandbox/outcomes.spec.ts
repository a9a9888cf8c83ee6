import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { answerOf, caseOf, CASES, USUAL } from './outcomes.js';

const DOCUMENT = readFileSync(new URL('../../../docs/SANDBOX.md', import.meta.url), 'utf8');

it('is what docs/SANDBOX.md says, row by row', () => {
  const rows = [...DOCUMENT.matchAll(/^\| (anything else|\d{3}) +\| (.+?) +\|$/gm)].map(([, digits, text]) => [
    digits,
    text,
  ]);
  const cases = Object.entries(CASES).map(([digits, { becomes }]) => [digits, becomes]);
  expect(rows).toEqual([['anything else', USUAL.becomes], ...cases]);
});

it('looks at the last three digits alone', () => {
  expect(caseOf('+84901234902')).toBe(CASES['902']);
  expect(caseOf('+84902902123')).toBe(USUAL);
  expect(caseOf('lan.902@example.com', 'email')).toBe(CASES['902']);
  expect(caseOf('lan@example.902', 'email')).toBe(USUAL);
  expect(caseOf('token:dev1ce:APA91b903', 'push')).toBe(CASES['903']);
  expect(caseOf('topic:orders', 'push')).toBe(USUAL);
  expect(answerOf(USUAL, 0, 'ref')).toEqual({ kind: 'accepted', ref: 'ref', receipts: true });
});
