import { parseArgs } from 'node:util';
import { GROUP_NAME } from '../domain/route.js';
import { UsageError } from './command.js';

export const USAGE = `npm run phone -- add [options]

Prints a QR code that leads a phone with the SMSGate app to the running gateway, waits until the phone is there, and sends a test text
through it.

  --tenant SLUG      whose phone it is (default)
  --label TEXT       what it is called here
  --group NAME       the group that it joins
  --url URL          where the phone reaches the gateway, instead of PUBLIC_URL
  --test NUMBER      send the test text there without asking
  --no-test          send none, and don't ask
  --timeout SECONDS  stop waiting for the phone after so long (the code is good for ten minutes)
  --plain            no colours in the QR code`;

const LONGEST_WAIT = 600;

export interface PhoneOptions {
  tenant: string;
  label: string | null;
  group: string | null;
  url: string | null;
  /** Null: nowhere; absent: who runs the command is asked. */
  test?: string | null;
  timeout: number | null;
  plain: boolean;
}

/** Null for `--help`. @throws UsageError that says what is wrong. */
export function readPhoneOptions(args: string[]): PhoneOptions | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  if (positionals.length !== 1 || positionals[0] !== 'add') throw new UsageError(USAGE);
  const { label = null, group = null, url = null, test, timeout = null } = values;
  check(label === null || (label.trim() !== '' && label.length <= 200), '--label has from 1 to 200 characters');
  check(group === null || GROUP_NAME.test(group), '--group is lower-case letters, digits, - and _');
  check(url === null || (/^https?:\/\/[^/\s]/.test(url) && URL.canParse(url)), '--url begins with https:// or http://');
  check(test === undefined || /^\+?[\d ().-]{3,32}$/.test(test), '--test is a phone number, such as +84901234567');
  check(test === undefined || !values['no-test'], '--test and --no-test exclude each other');
  const isTime = timeout === null || (/^\d+$/.test(timeout) && Number(timeout) >= 1 && Number(timeout) <= LONGEST_WAIT);
  check(isTime, `--timeout is a number of seconds from 1 to ${LONGEST_WAIT}`);
  return {
    tenant: values.tenant,
    label,
    group,
    url: url && url.replace(/\/+$/, ''),
    ...(values['no-test'] ? { test: null } : test === undefined ? {} : { test }),
    timeout: timeout === null ? null : Number(timeout),
    plain: values.plain,
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const named = { label: text, group: text, url: text, test: text, timeout: text };
  const options = { ...named, tenant: { ...text, default: 'default' }, 'no-test': flag, plain: flag, help: flag };
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function check(isRight: boolean, rule: string): void {
  if (!isRight) throw new UsageError(`${rule}.\n\n${USAGE}`);
}
