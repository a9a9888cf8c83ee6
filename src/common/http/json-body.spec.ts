import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../errors.js';
import { parseJsonBody, parseToldJson } from './json-body.js';
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

  const half = (field: string) =>
    `${field}: contains half of a character (a lone surrogate such as \\ud83d); send the whole character, or leave it out`;
  const long = (field: string) => `${field}: is a number with more digits than can be kept; send it as a string`;
  const zero = (field: string) => `${field}: is a number that would lose its last zero; send it as a string`;
  it.each([
    ['{"a":"\\ud83d"}', half('a')],
    ['{"a":["x",{"b":"\\uDE00 x"}]}', half('a.1.b')],
    ['{"a":"\\ude00\\ud83d"}', half('a')],
    ['{"a":"\\ud83d\\ud83d\\ude00"}', half('a')],
    ['{"\\ud83d":1}', '\ufffd: is not a field of this request; remove it'],
    ['{"a":9007199254740993}', long('a')],
    ['{"a":9007199254740992}', long('a')],
    ['{"a":[1,{"b\\"":-90071992547409930}]}', long('a.1.b"')],
    ['{"x":"{\\\\","a": 1e400}', long('a')],
    ['{"a":-1E400}', long('a')],
    ['{"a":9.007199254740993e15}', long('a')],
    ['{"a":1e-400}', long('a')],
    ['{"a":0.1000000000000000055511151231257827}', long('a')],
    ['{"messages":[{"variables":{"A":1}},{"variables":{"A":1,"B":12.50}}]}', zero('messages.1.variables.B')],
    ['{"variables":{"A":\n3.00}}', zero('variables.A')],
    ['{"variables":{"A":-0.10}}', zero('variables.A')],
  ])('is refused for what would be kept as something else: %s', (text, message) => {
    expect(refusal(() => parse(text))).toBe(message);
    expect(refusal(() => parse(text + ' '.repeat(2000)))).toBe(message);
  });

  it.each([
    '{"a":"\\ud83d\\ude00 \\\\ud83d"}',
    '{"a":9007199254740991,"b":-9007199254740991}',
    '{"a":0.1,"b":12.5,"c":3.0,"d":1e3,"i":1e308,"e":0.10000000000000001,"f":0.30000000000000004,"g":-0.0,"h":0e5}',
    '{"variables":{"A":0.1,"B":12.5,"C":3.0,"D":100,"E":"9007199254740993","F":"a: 12.50"}}',
    '{"daily_cap":500.00,"metadata":{"a":12.50}}',
    '["1e400",": 9007199254740993"," 12.50,"]',
  ])('is taken with what is kept as it is: %s', (text) => {
    for (const body of [text, text + ' '.repeat(2000)]) expect(parse(body)).toEqual(JSON.parse(text));
  });

  it('of a phone is repaired, and its numbers are left to their fields', () => {
    const told = (text: string) => parseToldJson(Buffer.from(text));
    expect(told('{"a":"x\\u0000\\ud83d","b":"\\ud83d\\ude00\\\\u0000","c":1e400}')).toEqual({
      a: 'x\ufffd\ufffd',
      b: '\u{1f600}\\u0000',
      c: Infinity,
    });
    expect(told('{"a":NaN,"b":[-Infinity],"c":"NaN"}')).toEqual({ a: 'NaN', b: ['-Infinity'], c: 'NaN' });
    expect(refusal(() => told('{"a":NaN,}'))).toMatch(/^The body is not JSON/);
    expect(refusal(() => told('{"__proto__":1}'))).toMatch(/^__proto__/);
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
