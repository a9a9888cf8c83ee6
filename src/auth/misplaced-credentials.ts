import type { IncomingHttpHeaders } from 'node:http';

const API_KEY = 'tlk_';
const API_KEY_ID = 'key_';
const AGENT_TOKEN = 'tla_';
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
/** What scripts write in place of a variable that has no value. */
const NO_VALUE = /^(?:undefined|null|none|nil|\$\{?\w+\}?|<[^>]*>|\{\{.*\}\})$/i;

const KEYS = 'An administrator makes keys: POST /admin/api-keys.';
const TOKENS = 'A user’s token comes from POST /auth/login, a phone’s from POST /agent/register.';

/**
 * What is wrong with credentials of which it can be seen, without a look at any store, that they can't be right where they are. Undefined:
 * they are looked up.
 */
export function misplaced(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return inKeyHeader(key.trim());
  const { authorization } = headers;
  return authorization === undefined ? undefined : inAuthorization(authorization.trim());
}

function inKeyHeader(key: string): string | undefined {
  if (key.startsWith(API_KEY) && !key.includes(',')) return undefined;
  if (key === '') return `The header X-API-Key is empty. ${KEYS}`;
  if (NO_VALUE.test(key)) return `X-API-Key says ${shown(key)}: the variable of your program has no value. ${KEYS}`;
  if (key.includes(',')) return 'X-API-Key has two values. Send one key.';
  if (/^(?:bearer|basic)\s/i.test(key)) return 'Send the API key alone in X-API-Key, without a word before it.';
  if (key.startsWith(API_KEY_ID))
    return `This is the id of an API key. Send its secret, which begins with ${API_KEY}, as X-API-Key.`;
  if (key.startsWith(AGENT_TOKEN)) return 'This is a phone’s token. Send it as Authorization: Bearer.';
  if (JWT.test(key)) return 'This is a user’s token. Send it as Authorization: Bearer.';
  return undefined;
}

function inAuthorization(header: string): string | undefined {
  const [, scheme = '', value = ''] = /^(\S*)\s*(.*)$/.exec(header) ?? [];
  if (/^bearer$/i.test(scheme)) return inBearer(value.trim());
  if (/^basic$/i.test(scheme)) return inBasic(value.trim());
  if (header === '') return `The header Authorization is empty. ${TOKENS}`;
  if (/(?:^|\s)tlk_/.test(header)) return 'This is an API key: send it as X-API-Key.';
  if (value === '') return `Write Bearer before the token: Authorization: Bearer <token>. ${TOKENS}`;
  return 'Authorization begins with Bearer, for a token, or with Basic, for a name and a password.';
}

function inBearer(token: string): string | undefined {
  if (token.startsWith(AGENT_TOKEN)) return undefined;
  if (token === '') return `Authorization: Bearer has no token behind it. ${TOKENS}`;
  if (token.startsWith(API_KEY)) return 'This is an API key: send it as X-API-Key.';
  if (token.startsWith(API_KEY_ID))
    return `This is the id of an API key. Send its secret, which begins with ${API_KEY}, as X-API-Key.`;
  if (/^bearer\s/i.test(token)) return 'Write Bearer once: Authorization: Bearer <token>.';
  if (NO_VALUE.test(token))
    return `Authorization says Bearer ${shown(token)}: the variable of your program has no value. ${TOKENS}`;
  return undefined;
}

function inBasic(encoded: string): string | undefined {
  const text = Buffer.from(encoded, 'base64').toString();
  if (encoded === '' || text === ':' || !text.includes(':'))
    return 'Authorization: Basic needs a name and a password: base64 of name:password, as curl -u sends it.';
  const [name = ''] = text.split(':', 1);
  if (text.length === name.length + 1) return 'Authorization: Basic has an empty password.';
  return undefined;
}

/** Only what `NO_VALUE` lets through, which is no secret. */
function shown(word: string): string {
  return `"${word.slice(0, 40)}"`;
}
