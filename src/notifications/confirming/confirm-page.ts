import { pageHeaders, paragraph, plainPage, type Language } from '../../common/http/page.js';
import { escapeHtml as text } from '../../common/http/html.js';

const WORDS = {
  en: {
    title: 'Please confirm',
    ask: 'You were sent a message. Confirm that you have read it.',
    button: 'Confirm',
    done: 'Confirmed',
    thanks: 'Thank you. You may close this page.',
  },
  vi: {
    title: 'Vui lòng xác nhận',
    ask: 'Bạn đã được gửi một tin nhắn. Hãy xác nhận rằng bạn đã đọc.',
    button: 'Xác nhận',
    done: 'Đã xác nhận',
    thanks: 'Cảm ơn bạn. Bạn có thể đóng trang này.',
  },
} as const;

/** Its address is a secret, which no search engine is to show. */
export function confirmPageHeaders(language: Language): Record<string, string> {
  return { ...pageHeaders(language), 'x-robots-tag': 'noindex' };
}

/** Asks by a button: what only opens a link, such as a preview of it, confirms nothing. */
export function confirmPage(language: Language, isConfirmed: boolean): string {
  const words = WORDS[language];
  if (isConfirmed) return plainPage(language, words.done, paragraph(words.thanks));
  const form = `<form method="post">
<button type="submit">${text(words.button)}</button>
</form>`;
  return plainPage(language, words.title, `${paragraph(words.ask)}\n${form}`);
}
