import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../errors.js';
import { checkJsonBounds } from './json-bounds.js';

const outcome = (text: string): number => {
  try {
    checkJsonBounds(Buffer.from(text));
    return 200;
  } catch (error) {
    return (error as ApiError).status;
  }
};
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const object = (fields: number) => `{${Array.from({ length: fields }, (_, i) => `"f${i}":1`).join()}}`;

describe('the bounds of a JSON body', () => {
  it('let through what routes take: 5,000 recipients with twenty variables each', () => {
    const variables = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`V${i}`, 'x']));
    const messages = Array.from({ length: 5000 }, () => ({ to: '+84901234567', variables, priority: 'HIGH' }));
    expect(outcome(JSON.stringify({ template_id: 'tpl', agent_id: 'agt', messages }))).toBe(200);
  });

  it.each([
    [nested(32), 200],
    [nested(33), 400],
    ['['.repeat(8_000_000), 400],
    [`[${'[],'.repeat(100_000)}[]]`, 200],
    [`[${'0,'.repeat(249_999)}0]`, 200],
    [`[${'0,'.repeat(250_000)}0]`, 413],
    [`[${`${nested(29)},`.repeat(10_000)}0]`, 413],
    [object(1024), 200],
    [object(1025), 400],
    [`[${Array.from({ length: 100 }, () => object(1024)).join()}]`, 200],
    [`{"a":${object(1024)},"b":1}`, 200],
  ])('%#', (text, status) => {
    expect(outcome(text)).toBe(status);
  });

  it.each([
    JSON.stringify('[{'.repeat(1000)),
    JSON.stringify({ a: '"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[' }),
    JSON.stringify({ [`${'[\\"'.repeat(100)}`]: '\\' }),
    `"${':,'.repeat(200_000)}"`,
  ])('do not count what is inside a string (%#)', (text) => {
    expect(outcome(text)).toBe(200);
  });

  it.each(['', '"', '"\\', ']]]]', '}{', '\u0000'])('leave what is no JSON to the parser (%j)', (text) => {
    expect(outcome(text)).toBe(200);
  });
});
