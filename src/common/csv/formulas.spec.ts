import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { escapeFormulas, withoutGuards } from './formulas.js';

/** As exports write a value, read by a program that knows nothing of guards. */
function exported(text: string, digits: boolean): string {
  const line = stringify([['x', escapeFormulas(text, digits)]], {
    escape_formulas: true,
    quote_record_delimiter: true,
  });
  return parse(line)[0]![1]!;
}

describe('guards against formulas', () => {
  it.each([
    ['+84901234567', "'+84901234567"],
    ['=1+1', "'=1+1"],
    ["'=1+1", "''=1+1"],
    ["''-1", "'''-1"],
    ["'s morgens", "'s morgens"],
    ["rock 'n' roll", "rock 'n' roll"],
    ['x;=1', "x;'=1"],
    ["x;'=1", "x;''=1"],
    ["'0123", "''0123"],
  ])('make %j %j, and are removed again', (text, guarded) => {
    expect(exported(text, false)).toBe(guarded);
    expect(withoutGuards(guarded)).toBe(text);
  });

  it.each([
    ['0123', "'0123"],
    ['84901234567890', "'84901234567890"],
    ['12E5', "'12E5"],
    ['8888', '8888'],
    ["'84 was a year", "'84 was a year"],
    ['1.50', '1.50'],
  ])('make of the digits %j %j where a spreadsheet would change them', (text, guarded) => {
    expect(exported(text, true)).toBe(guarded);
    expect(withoutGuards(guarded)).toBe(text);
  });

  it('give back every text', () => {
    const unit = fc.constantFrom(
      "'",
      '"',
      '=',
      '+',
      '-',
      '@',
      ';',
      ',',
      '|',
      '\t',
      '\n',
      '0',
      '7',
      'E',
      'x',
      ' ',
      '＝',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 14 }), fc.boolean(), (text, digits) => {
        expect(withoutGuards(exported(text, digits))).toBe(text);
      }),
      { numRuns: 3000 },
    );
  });
});
