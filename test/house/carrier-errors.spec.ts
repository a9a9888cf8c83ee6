import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FCM_ERRORS } from '../../src/carriers/fcm/fcm-errors.js';
import { FLOWROUTE_ERRORS } from '../../src/carriers/flowroute/flowroute-errors.js';
import type { ErrorCatalogue, ProviderError } from '../../src/carriers/provider-errors.js';
import { SMTP_ERRORS } from '../../src/carriers/smtp/smtp-errors.js';
import { TWILIO_ERRORS } from '../../src/carriers/twilio/twilio-errors.js';

const DOCUMENT = new URL('../../docs/CARRIER-ERRORS.md', import.meta.url);
const CATALOGUES: Record<string, ErrorCatalogue> = {
  Twilio: TWILIO_ERRORS,
  Flowroute: FLOWROUTE_ERRORS,
  'E-mail (SMTP)': SMTP_ERRORS,
  'Firebase Cloud Messaging': FCM_ERRORS,
};

const FAULTS = {
  route: 'Fails. Another carrier or sender might send it',
  recipient: 'Fails. Nobody can send to this address',
  text: 'Fails. No carrier would take it',
};

/** What the document says that the gateway does. */
function whatIsDone(error: ProviderError): string {
  if (error.kind === 'refused') {
    if (error.opt_out) return 'Fails, and the opt-out is recorded';
    return error.dead_address ? 'Fails, and the address counts as dead' : FAULTS[error.fault];
  }
  const when = error.wait === 'tomorrow' ? 'until the next day (UTC)' : error.wait ? `for ${error.wait} s` : '';
  if (error.account) return `The account is held ${when}; its texts wait`;
  return when ? `Waits ${when}, then goes again` : 'Waits and goes again';
}

/** The lines of a provider's table: code, meaning, what is done. */
function tableOf(title: string): string[][] {
  const [, section = ''] = readFileSync(DOCUMENT, 'utf8').split(`\n## ${title}\n`);
  const [table] = section.split('\n## ');
  const rows = table!.split('\n').filter((line) => /^\| *[\dA-Z]/.test(line));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/CARRIER-ERRORS.md', () => {
  it.each(Object.keys(CATALOGUES))('shows every code of %s as the gateway takes it', (title) => {
    const known = Object.entries(CATALOGUES[title]!).map(([code, error]) => [code, error.reason, whatIsDone(error)]);
    expect(tableOf(title)).toEqual(known.toSorted(([a], [b]) => a!.localeCompare(b!, 'en', { numeric: true })));
  });

  it.each(Object.keys(CATALOGUES))('has sentences for %s that name no number and end without a full stop', (title) => {
    for (const { reason } of Object.values(CATALOGUES[title]!)) expect(reason).toMatch(/^(?!.*\d{7})\S.{5,}[^.]$/);
  });
});
