import { escapeHtml as text } from '../../common/http/html.js';
import { htmlPage, type Language } from '../../common/http/page.js';
import { FIREBASE_SCRIPTS } from './firebase-scripts.js';
import { PUSH_WORDS } from './push-words.js';

export interface PushView {
  language: Language;
  /** What stands before the links of this page. */
  root: string;
  isSetUp: boolean;
  isLoggedIn: boolean;
  isDocumented: boolean;
}

/** Where to go from here, and the registration of this device. */
export function homePage(view: PushView): string {
  const { home, title, links } = PUSH_WORDS[view.language];
  const paths = {
    new_session: 'sessions/new',
    login: 'login',
    preference: 'preference/',
    ...(view.isDocumented ? { documentation: 'schema/swagger-ui' } : {}),
  };
  const items = Object.entries(paths).map(
    ([name, path]) => `<li><a href="${view.root}${path}">${text(links[name as keyof typeof paths])}</a></li>`,
  );
  return htmlPage(
    view.language,
    home,
    `<ul>
${items.join('\n')}
</ul>
<h2>${text(title)}</h2>
${pushSection(view)}`,
  );
}

export function pushPage(view: PushView): string {
  return htmlPage(view.language, PUSH_WORDS[view.language].title, pushSection(view));
}

function pushSection({ language, root, isSetUp, isLoggedIn }: PushView): string {
  const words = PUSH_WORDS[language];
  if (!isSetUp) return `<p id="push-not-set-up">${text(words.notSetUp)}</p>`;
  const states = Object.entries(words.states).map(([state, say]) => `data-${state}="${text(say)}"`);
  return `<section id="push" aria-label="${text(words.title)}" data-scripts="${FIREBASE_SCRIPTS.join(' ')}"
${states.join('\n')}>
<p>${text(words.intro)}</p>
<noscript><p>${text(words.noScript)}</p></noscript>
<button type="button" id="push-allow">${text(words.allow)}</button>
<p id="push-state" role="status"></p>
<div id="push-registered" hidden>
<label for="push-token">${text(words.token)}</label>
<textarea id="push-token" rows="4" readonly></textarea>
<p><button type="button" id="push-copy">${text(words.copy)}</button>
${isLoggedIn ? `<button type="button" id="push-mine">${text(words.mine)}</button>` : ''}</p>
<h3>${text(words.received)}</h3>
<ul id="push-received" aria-live="polite"></ul>
</div>
</section>
<script src="${root}push/page.js" defer></script>`;
}
