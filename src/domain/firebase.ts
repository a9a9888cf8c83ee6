import { createPrivateKey } from 'node:crypto';

/** As who the gateway speaks to Google. */
export interface ServiceAccount {
  email: string;
  privateKey: string;
}

/** What a page needs to ask a browser for its push token; none of it is secret. */
export type WebConfig = Readonly<Record<string, string>>;
const NEEDED_IN_BROWSER = ['apiKey', 'projectId', 'messagingSenderId', 'appId'];

/** The JSON that Google gives out for a service account, or base64 of it; null for anything else. */
export function readServiceAccount(text: string): ServiceAccount | null {
  const given = text.trim();
  const json = given.startsWith('{') ? given : Buffer.from(given, 'base64').toString('utf8');
  const { client_email: email, private_key: privateKey } = objectIn(json) ?? {};
  if (typeof email !== 'string' || !email.includes('@') || typeof privateKey !== 'string') return null;
  try {
    createPrivateKey(privateKey);
    return { email, privateKey };
  } catch {
    return null;
  }
}

/** The JSON of Firebase's web configuration; null for anything else, and where it misses a field. */
export function readWebConfig(text: string): WebConfig | null {
  const fields = Object.entries(objectIn(text) ?? {}).filter((field): field is [string, string] => {
    const [, value] = field;
    return typeof value === 'string' && value !== '';
  });
  const config = Object.fromEntries(fields);
  return NEEDED_IN_BROWSER.every((name) => Object.hasOwn(config, name)) ? config : null;
}

function objectIn(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
