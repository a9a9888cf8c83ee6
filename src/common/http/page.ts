import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { escapeHtml as text } from './html.js';

export const LANGUAGES = ['en', 'vi'] as const;
export type Language = (typeof LANGUAGES)[number];

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #767676;overflow-wrap:anywhere}
label{display:block;margin-top:.75rem}input,select,textarea,button{font:inherit;padding:.4rem}input,select,textarea{width:100%;max-width:24rem;box-sizing:border-box}button{margin-top:1rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere}`;

const NOTHING_ELSE = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];

/** For our pages alone: no script, nothing from elsewhere, and their forms go to us; `more`: what else a page needs. */
export function pageHeaders(language: Language, more: readonly string[] = []): Record<string, string> {
  return {
    'content-security-policy': [...NOTHING_ELSE, ...more].join('; '),
    // With `no-referrer` a browser would hide where the form comes from, and that is what we check.
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
    vary: 'accept, accept-language',
    'content-language': language,
    'content-type': 'text/html; charset=utf-8',
  };
}

export function htmlPage(language: Language, title: string, main: string): string {
  return shell(language, `${title} · Trunkline`, title, main);
}

/** For people who follow a link in a message and have never heard of this program. */
export function plainPage(language: Language, title: string, main: string): string {
  return shell(language, title, title, main);
}

function shell(language: Language, name: string, title: string, main: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(name)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
${main}
</main>
</body>
</html>
`;
}

/** Text as a paragraph. */
export function paragraph(line: string): string {
  return `<p>${text(line)}</p>`;
}

export function field(id: string, label: string, attributes: string): string {
  return `<label for="${id}">${text(label)}</label>
<input id="${id}" ${attributes}>`;
}

/** Whether a browser asks, for a person to read. */
export function asksForPage(accept: string | undefined): boolean {
  return accept?.includes('text/html') ?? false;
}

/** What stands before a relative link on the page that was asked for, which may be below the prefix of a proxy. */
export function rootFrom({ originalUrl, url }: Pick<FastifyRequest, 'originalUrl' | 'url'>): string {
  const depth = url.split('?')[0]!.split('/').length - 2;
  // To a browser, what is between two slashes is a folder, although there is nothing.
  const called = originalUrl.split('?')[0]!.replace(/^\/+/, '/');
  const folders = called.split('//').length - 1 + (called.endsWith('/') && url !== '/' ? 1 : 0);
  return '../'.repeat(depth + folders) || './';
}
