import { describe, expect, it } from '@jest/globals';
import { renderTemplate, templateVariables } from './template.js';

describe('template', () => {
  it('lists its variables sorted and once', () => {
    expect(templateVariables('{NAME}, {CODE} and {NAME} {A_1}')).toEqual(['A_1', 'CODE', 'NAME']);
  });

  it('leaves lower case, spaced and empty braces literal', () => {
    expect(templateVariables('{code} { CODE } {}')).toEqual([]);
    expect(renderTemplate('{code} {CODE}', { CODE: 7 })).toEqual({ text: '{code} 7' });
  });

  it('names the first missing variable; null is missing, empty is not', () => {
    expect(renderTemplate('{A}{B}', { A: null })).toEqual({ missing: 'A' });
    expect(renderTemplate('{A}{B}', { A: '' })).toEqual({ missing: 'B' });
  });

  it('takes only own properties and renders once', () => {
    expect(renderTemplate('{A}', Object.create({ A: 'x' }))).toEqual({ missing: 'A' });
    expect(renderTemplate('{A}', { A: '{B} $& $1', B: 'no' })).toEqual({ text: '{B} $& $1' });
  });
});
