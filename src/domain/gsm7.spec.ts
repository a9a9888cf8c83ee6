import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { toGsm7 } from './gsm7.js';
import { countSegments } from './sms-segments.js';

describe('GSM-7', () => {
  it.each([
    ['Quý khách đã đặt lịch khám', 'Quy khach da dat lich kham'],
    ['Đường Nguyễn Huệ, thành phố Hồ Chí Minh', 'Duong Nguyen Hue, thành pho Ho Chi Minh'],
    ['Hà Nội'.normalize('NFD'), 'Hà Noi'],
    ['caf\u0065\u0301 \u0065\u0323\u0302', 'café e'],
    ['é ü ñ à Ä ß Δ € [x] ^ {y} ~ | \\', 'é ü ñ à Ä ß Δ € [x] ^ {y} ~ | \\'],
    ['ç â ê î ô û ś ł', 'c a e i o u s l'],
    ['“Hi”, it’s ‘ok’ – no — …', "\"Hi\", it's 'ok' - no - ..."],
    ['10\u00a0000\u202f\u2009₫', '10 000  d'],
    ['a\tb\r\nc', 'a b\r\nc'],
    ['`code`', "'code'"],
    ['© ™ ½ № •', '(C) TM 1/2 No *'],
    ['Жук 中文', 'Zhuk ZhongWen'],
    ['\u0915\u093e', 'ka'],
    ['\u2126 \u212b', 'Ω Å'],
    ['zero\u200b\ufeff\u200d\u202ewidth\u0007\u001b', 'zerowidth'],
    ['Thanks 😀👍🏽 ❤️!', 'Thanks  !'],
    ['🇻🇳👩🏽‍⚕️🏴󠁧󠁢󠁥󠁮󠁧󠁿', ''],
    ['1️⃣ 2️⃣', '1 2'],
    ['\ud800x\udc00', 'x'],
    ['\ue000 \u20c1', '? ?'],
    ['', ''],
  ])('of %j is %j', (text, expected) => expect(toGsm7(text)).toBe(expected));

  it('is always in the alphabet, and the same when it is asked for twice', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
    fc.assert(
      fc.property(texts, (text) => {
        const once = toGsm7(text);
        expect(countSegments(once).encoding).toBe('GSM-7');
        expect(toGsm7(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes a Vietnamese reminder from two segments to one', () => {
    const text =
      'Phòng khám An Bình nhắc: quý khách có lịch hẹn lúc 9:00 ngày 21/11/2026. Vui lòng đến sớm 15 phút và mang theo thẻ bảo hiểm y tế.';
    expect(countSegments(text)).toMatchObject({ encoding: 'UCS-2', segments: 2 });
    expect(countSegments(toGsm7(text))).toMatchObject({ encoding: 'GSM-7', segments: 1 });
  });
});
