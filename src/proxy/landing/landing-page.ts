import { createHash } from 'node:crypto';
import { escapeHtml as text } from '../../common/http/html.js';
import type { TnInUse } from '../pool.js';
import type { SessionDoc } from '../session.js';
import { PAGE_WORDS, type PageWords } from './page-words.js';

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #767676;overflow-wrap:anywhere}
label{display:block;margin-top:.75rem}input,button{font:inherit;padding:.4rem}input{width:100%;max-width:24rem;box-sizing:border-box}button{margin-top:1rem}`;

/** For this page alone: no script, nothing from elsewhere, and its form goes to us. */
export const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  // With `no-referrer` a browser would hide where the form comes from, and that is what we check.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  vary: 'accept-language',
};

/** The pool, the newest sessions and a form for a new one. */
export function landingPage(language: 'en' | 'vi', pool: readonly TnInUse[], sessions: readonly SessionDoc[]): string {
  const words = PAGE_WORDS[language];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(words.title)} · Trunkline</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${text(words.title)}</h1>
<h2 id="pool">${text(words.pool)}</h2>
${poolTable(words, pool)}
<h2 id="create">${text(words.create)}</h2>
<form method="post" action="../sessions" aria-labelledby="create">
${field('first', words.first, 'name="address" maxlength="40" required aria-describedby="hint"')}
${field('second', words.second, 'name="address" maxlength="40" required aria-describedby="hint"')}
<p id="hint">${text(words.hint)}</p>
${field('name', words.sessionName, 'name="friendlyName" maxlength="200"')}
<button type="submit">${text(words.submit)}</button>
</form>
<h2 id="sessions">${text(words.sessions)}</h2>
${sessionTable(words, sessions)}
</main>
</body>
</html>
`;
}

function field(id: string, label: string, attributes: string): string {
  return `<label for="${id}">${text(label)}</label>
<input id="${id}" type="text" autocomplete="off" ${attributes}>`;
}

function poolTable(words: PageWords, pool: readonly TnInUse[]): string {
  if (pool.length === 0) return `<p>${text(words.emptyPool)}</p>`;
  const { number, owner, channels, mode, inUse } = words;
  return table('pool', [number, owner, channels, mode, inUse], pool, (tn) => [
    tn.number,
    'carrier' in tn.owner ? tn.owner.carrier : `${words.phone} ${tn.owner.agent_id}`,
    tn.channels.join(', '),
    words.modes[tn.mode],
    String(tn.sessions),
  ]);
}

function sessionTable(words: PageWords, sessions: readonly SessionDoc[]): string {
  if (sessions.length === 0) return `<p>${text(words.noSessions)}</p>`;
  return table('sessions', [words.name, words.participants, words.since], sessions, (session) => [
    session.friendly_name || words.nameless,
    String(session.participants.filter(({ left_at }) => !left_at).length),
    session.created_at.toISOString(),
  ]);
}

function table<T>(
  heading: string,
  columns: readonly string[],
  rows: readonly T[],
  cells: (row: T) => string[],
): string {
  const head = columns.map((column) => `<th scope="col">${text(column)}</th>`).join('');
  const body = rows.map((row) => {
    const [first, ...rest] = cells(row).map(text);
    return `<tr><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<table aria-labelledby="${heading}">
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>`;
}
