import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../errors.js';
import { parseJsonBody } from './json-body.js';
import { checkJsonBounds } from './json-bounds.js';

const refusal = (act: () => unknown): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as ApiError).message;
  }
};
const parse = (text: string) => parseJsonBody(Buffer.from(text));
const nested = (depth: number, inside = '') => '['.repeat(depth) + inside + ']'.repeat(depth);

describe('a JSON body', () => {
  it.each([
    ['{"a":["x\\u0000"]}', 'a.0: must not contain the character NUL'],
    ['{"a\\u0000":1}', 'a\\0: is not a field of this request; remove it'],
    ['[{"__proto__":{}}]', '0.__proto__: is not a field of this request; remove it'],
    ...['\\u005f_proto__', '_\\u005Fproto__', '__\\u0070roto__', '__p\\u0072oto__', '__pr\\u006Fto__'].map(
      (key): [string, string] => [`{"${key}":1}`, '__proto__: is not a field of this request; remove it'],
    ),
    ['{"__pro\\u0074\\u006f__":1}', '__proto__: is not a field of this request; remove it'],
  ])('is refused for what hides in it: %s', (text, message) => {
    expect(refusal(() => parse(text))).toBe(message);
    expect(refusal(() => parse(text + ' '.repeat(2000)))).toBe(message);
  });

  it.each(['"__proto__"', '{"a":"\\\\u0000"}', '{"proto":"\\u00e3\\u0005\\u007f"}', '{"__proto_":1}'])(
    'is taken with what only looks alike: %s',
    (text) => {
      expect(parse(text)).toEqual(JSON.parse(text));
    },
  );

  it.each([0, 2000])('has 32 levels at most (with %i bytes more)', (more) => {
    const padded = (text: string) => parse(text + ' '.repeat(more));
    expect(padded(nested(32, '0'))).toEqual(JSON.parse(nested(32, '0')));
    expect(refusal(() => padded(nested(33)))).toMatch(/nested too deeply/);
    expect(refusal(() => padded(`{"a":${nested(32)}`))).toMatch(/nested too deeply/);
    expect(padded(JSON.stringify(nested(500)))).toBe(nested(500));
  });

  it('that is small is refused for its bounds exactly when each of its bytes is looked at', () => {
    const parts = fc.constantFrom('[', '{', ']', '}', '"', '\\', ':', ',', '0', '[[[[[[[[', '{"a":[', 'ạ');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 120 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(''));
        const beyond = refusal(() => checkJsonBounds(bytes));
        const told = refusal(() => parseJsonBody(bytes));
        if (beyond) expect(told).toBe(beyond);
        else expect(told ?? '').not.toMatch(/too deeply|too many/);
      }),
      { seed: 20_261_127, numRuns: 2000 },
    );
  });
});
