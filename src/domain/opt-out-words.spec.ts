import { describe, expect, it } from '@jest/globals';
import { readWord } from './opt-out-words.js';

const keyword = (text: string, own = {}) => readWord(text, own)?.keyword ?? null;

describe('a word by which somebody opts out', () => {
  // prettier-ignore
  it.each([
    'STOP', 'stop', 'Stop.', ' "STOP" ', '«stop!»', 'STOP\u200b', 'stop\n', '(Stop all)', 'STOPALL', 'opt-out', 'Opt   Out',
    'unsubscribe', 'CANCEL', 'end', 'Quit', 'REVOKE', 'optout', 'ＳＴＯＰ',
    'DUNG', 'dừng', 'Dừng', 'dưng', 'DỪNG LẠI', 'dung lai', 'ngừng', 'NGUNG', 'ngưng', 'TC', 'tc qc', 'dừng'.normalize('NFD'),
    'TU CHOI', 'từ chối', 'Từ choi', 'TỪ CHỐI.', 'từ\u00a0chối', 'huy dang ky', 'Huỷ đăng ký', 'Hủy đăng ký',
  ])('is %j', (text) => expect(keyword(text)).toBe('stop'));

  it.each(['START', 'yes', 'Unstop', 'BAT DAU', 'bắt đầu', 'Đồng ý', 'dong y', 'ĐĂNG KÝ', 'nhận tin'])(
    'is taken back by %j',
    (text) => expect(keyword(text)).toBe('start'),
  );

  it.each(['HELP', 'info', 'TRO GIUP', 'trợ giúp', 'HD', 'hướng dẫn?'])('is not %j, which asks for help', (text) =>
    expect(keyword(text)).toBe('help'),
  );

  // prettier-ignore
  it.each([
    '', '   ', '...', '👍', 'please stop', 'stop it', 'STOP 123', 'don’t stop', 's t o p', 'nonstop', 'no', `stop${' '.repeat(10_000)}x`,
    // Answers to a question, and names.
    'đúng', 'Đúng rồi', 'Dũng', 'dụng', 'ĐỪNG', 'HUY', 'huỷ', 'Huy', 'dk', 'đk', 'ok', 'có', 'không', 'tự chối',
  ])('is not %j', (text) => expect(keyword(text)).toBeNull());

  it('may be the tenant’s own, which come first', () => {
    const own = { stop: ['baja', 'HUY'], start: ['alta'], help: ['stop'] };
    expect(['BAJA', 'bajá!', 'huỷ', 'Huy'].map((text) => keyword(text, own))).toEqual(['stop', 'stop', 'stop', 'stop']);
    expect([keyword('Alta', own), keyword('STOP', own)]).toEqual(['start', 'help']);
    expect(keyword('BÁJA', { stop: ['bajá'] })).toBeNull();
    expect(readWord('Baja', own)).toEqual({ keyword: 'stop', word: 'baja', language: null });
  });

  it('says which language it is of', () => {
    expect(readWord('TU CHOI')).toEqual({ keyword: 'stop', word: 'từ chối', language: 'vi' });
    expect(readWord('"Stop"')).toEqual({ keyword: 'stop', word: 'stop', language: 'en' });
  });
});
