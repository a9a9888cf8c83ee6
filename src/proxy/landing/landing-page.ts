import { escapeHtml as text } from '../../common/http/html.js';
import { field, htmlPage, type Language } from '../../common/http/page.js';
import type { TnInUse } from '../pool.js';
import type { SessionDoc } from '../session.js';
import { PAGE_WORDS, type PageWords } from './page-words.js';

/** The pool, the newest sessions and a form for a new one. */
export function landingPage(language: Language, pool: readonly TnInUse[], sessions: readonly SessionDoc[]): string {
  const words = PAGE_WORDS[language];
  return htmlPage(
    language,
    words.title,
    `<h2 id="pool">${text(words.pool)}</h2>
${poolTable(words, pool)}
<h2 id="create">${text(words.create)}</h2>
<form method="post" action="../sessions" aria-labelledby="create">
${field('first', words.first, PARTICIPANT)}
${field('second', words.second, PARTICIPANT)}
<p id="hint">${text(words.hint)}</p>
${field('name', words.sessionName, 'type="text" autocomplete="off" name="friendlyName" maxlength="200"')}
<button type="submit">${text(words.submit)}</button>
</form>
<h2 id="sessions">${text(words.sessions)}</h2>
${sessionTable(words, sessions)}`,
  );
}

const PARTICIPANT = 'type="text" autocomplete="off" name="address" maxlength="40" required aria-describedby="hint"';

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
