import { createHash } from 'node:crypto';
import { escapeHtml } from './html.js';

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:0 auto;padding:1rem}
label{display:block;margin-top:.75rem}input,button{font:inherit;padding:.4rem}input{width:100%;box-sizing:border-box}button{margin-top:1rem}`;

/** For a page with this style: no script, nothing from elsewhere, and its forms go to us. */
export function pageHeaders(style: string): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    // With `no-referrer` a browser would hide where the form comes from, and that is what we check.
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
    vary: 'accept-language',
  };
}

export const PLAIN_PAGE_HEADERS = pageHeaders(STYLE);

export type PageLanguage = 'en' | 'vi';
export const PAGE_LANGUAGES = ['en', 'vi'] as const;

/** A page with a heading and a few lines. `body` is HTML. */
export function plainPage(language: PageLanguage, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

/** Text as a paragraph. */
export function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}
