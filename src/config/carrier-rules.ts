import { readServiceAccount, readWebConfig } from '../domain/firebase.js';
import { readMailbox } from '../domain/mailbox.js';
import { readSmtpUrl, SMTP_URL_RULE } from '../domain/smtp-url.js';
import type { Environment } from './environment.js';
import { isNetwork, splitList } from './networks.js';

/** Half an account is a mistake: the gateway would start and could send nothing. */
export function carrierProblems(env: Environment): string[] {
  const problems: string[] = [];
  const demand = (names: readonly (keyof Environment)[], dependents: readonly (keyof Environment)[]) => {
    const given = [...names, ...dependents].find((name) => env[name] !== undefined);
    if (!given) return;
    for (const name of names) if (env[name] === undefined) problems.push(`${name} is required, since ${given} is set`);
  };
  demand(['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'], ['TWILIO_FROM', 'TWILIO_MESSAGING_SERVICE_SID']);
  demand(['FLOWROUTE_ACCESS_KEY', 'FLOWROUTE_SECRET_KEY'], ['FLOWROUTE_FROM', 'FLOWROUTE_CALLBACK_TOKEN']);
  if (!splitList(env.FLOWROUTE_ALLOWED_ADDRESSES).every(isNetwork)) {
    problems.push('FLOWROUTE_ALLOWED_ADDRESSES must be addresses and networks such as 203.0.113.0/24, comma separated');
  }
  if (env.SENDGRID_API_KEY === undefined || env.SMTP_URL !== undefined) demand(['SMTP_URL'], ['MAIL_FROM']);
  demand(['MAIL_FROM'], ['SMTP_URL', 'SENDGRID_API_KEY']);
  demand(['FIREBASE_PROJECT_ID', 'FIREBASE_SERVICE_ACCOUNT'], []);
  for (const { name, reads, rule } of FORMS) {
    const value = env[name];
    if (value !== undefined && reads(value) === null) problems.push(`${name} ${rule}`);
  }
  return problems;
}

const FORMS = [
  { name: 'SMTP_URL', reads: readSmtpUrl, rule: SMTP_URL_RULE },
  { name: 'MAIL_FROM', reads: readMailbox, rule: 'must be shop@example.com, or Shop <shop@example.com>' },
  {
    name: 'FIREBASE_SERVICE_ACCOUNT',
    reads: readServiceAccount,
    rule: 'must be the JSON of a service account with its client_email and private_key, or the path of the file with it',
  },
  {
    name: 'FIREBASE_WEB_CONFIG',
    reads: readWebConfig,
    rule: 'must be a JSON object with apiKey, projectId, messagingSenderId and appId',
  },
] as const satisfies { name: keyof Environment; reads(text: string): unknown; rule: string }[];
