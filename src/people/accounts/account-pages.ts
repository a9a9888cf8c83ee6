import { escapeHtml as text, languageFor } from '../../common/http/html.js';
import { LANGUAGES, paragraph, plainPage } from '../../common/http/page.js';
import type { ShownPage } from '../shown-page.js';
import { filled } from '../confirmations/code-words.js';
import { ACCOUNT_PAGES, type PageWords } from './account-words.js';

type Words = keyof PageWords;

interface Page {
  status?: number;
  title: Words;
  lines: Words[];
  values?: Readonly<Record<string, string>>;
  /** HTML after the lines. */
  form?: (words: PageWords) => string;
}

export function accountPage(
  languages: string | undefined,
  { status = 200, title, lines, values, form }: Page,
): ShownPage {
  const language = languageFor(languages, LANGUAGES);
  const words = ACCOUNT_PAGES[language];
  const said = lines.map((line) => paragraph(filled(words[line], values ?? {})));
  return { status, language, html: plainPage(language, words[title], said.join('\n') + (form?.(words) ?? '')) };
}

export function confirmForm(token: string): (words: PageWords) => string {
  return ({ confirm }) => `
<form method="post" action="confirm">
<input type="hidden" name="token" value="${text(token)}">
<button type="submit">${text(confirm)}</button>
</form>`;
}

export function passwordForm(token: string): (words: PageWords) => string {
  return ({ password, set }) => `
<form method="post" action="new-password">
<input type="hidden" name="token" value="${text(token)}">
<label for="password">${text(password)}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="72" required>
<button type="submit">${text(set)}</button>
</form>`;
}
