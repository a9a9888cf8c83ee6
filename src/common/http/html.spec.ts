import { describe, expect, it } from '@jest/globals';
import { escapeHtml, languageFor } from './html.js';

describe('a page', () => {
  it('has every character that means something in HTML as a number', () => {
    expect(escapeHtml(`<a href="x" title='y'>Đặng & con</a>`)).toBe(
      '&#60;a href=&#34;x&#34; title=&#39;y&#39;&#62;Đặng &#38; con&#60;/a&#62;',
    );
  });

  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['vi', 'vi'],
    ['VI-vn, en;q=0.9', 'vi'],
    ['en-GB, vi;q=0.9', 'en'],
    ['fr, vi;q=0.2, en;q=0.1', 'vi'],
    ['vi;q=0', 'en'],
    ['vik', 'en'],
    ['*', 'en'],
    [';;;q=,vi;q=x', 'en'],
  ])('is in the language that is liked best: %j', (header, language) => {
    expect(languageFor(header, ['en', 'vi'])).toBe(language);
  });
});
