import { describe, expect, it } from '@jest/globals';
import { countSegments } from './sms-segments.js';

describe('segments', () => {
  it.each([
    ['', 'GSM-7', 1, 0],
    ['a'.repeat(160), 'GSM-7', 1, 160],
    ['a'.repeat(161), 'GSM-7', 2, 161],
    ['a'.repeat(306), 'GSM-7', 2, 306],
    ['a'.repeat(307), 'GSM-7', 3, 307],
    ['€'.repeat(80), 'GSM-7', 1, 160],
    ['é'.repeat(160), 'GSM-7', 1, 160],
    ['Nguyễn Thị Phương', 'UCS-2', 1, 17],
    ['ế'.repeat(70), 'UCS-2', 1, 70],
    ['ế'.repeat(71), 'UCS-2', 2, 71],
    ['😀'.repeat(35), 'UCS-2', 1, 70],
    ['😀'.repeat(36), 'UCS-2', 2, 72],
  ])('counts %j', (text, encoding, segments, units) => {
    expect(countSegments(text)).toEqual({ encoding, segments, units });
  });

  it('does not split an extension character over two parts', () => {
    expect(countSegments('a'.repeat(152) + '€' + 'a'.repeat(152)).segments).toBe(3);
  });

  it('does not split a surrogate pair over two parts', () => {
    expect(countSegments('ế'.repeat(66) + '😀' + 'ế'.repeat(66)).segments).toBe(3);
  });
});
