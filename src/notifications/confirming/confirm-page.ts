import { createHash } from 'node:crypto';
import { escapeHtml as text } from '../../common/http/html.js';

export const LANGUAGES = ['en', 'vi'] as const;
export type PageLanguage = (typeof LANGUAGES)[number];

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

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1rem}button{font:inherit;padding:.75rem 1.5rem}`;

/** For this page alone: no script, nothing from elsewhere, and its form goes to us. Its address is a secret. */
export const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
  vary: 'accept, accept-language',
};

/** Asks by a button: what only opens a link, such as a preview of it, confirms nothing. */
export function confirmPage(language: PageLanguage, isConfirmed: boolean): string {
  const words = WORDS[language];
  const title = isConfirmed ? words.done : words.title;
  const body = isConfirmed
    ? `<p>${text(words.thanks)}</p>`
    : `<p>${text(words.ask)}</p>
<form method="post">
<button type="submit">${text(words.button)}</button>
</form>`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
${body}
</main>
</body>
</html>
`;
}
