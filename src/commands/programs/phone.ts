import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { DateTime } from 'luxon';
import { loadConfig } from '../../config/load-config.js';
import { readEnvironment } from '../../config/read-environment.js';
import { GatewayLink } from '../../control/gateway-link.js';
import { print } from '../../control/on-folder.js';
import type { ArrivedPhone, InvitedByCommand } from '../../surfaces/smsgate/phone-command.js';
import { qrText } from '../../surfaces/smsgate/qr-code.js';
import { command } from '../command.js';
import { readPhoneOptions, USAGE, type PhoneOptions } from '../phone-options.js';

/** Leads a phone with the SMSGate app to the running gateway, and sends a test text through it. */
command(async (args) => {
  const options = readPhoneOptions(args);
  if (!options) return print(USAGE);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
  const gateway = await runningGateway();
  const { tenant, label, group, url } = options;
  const invited = await ask<InvitedByCommand>(gateway, 'phone-add', [JSON.stringify({ tenant, label, group, url })]);
  show(invited, options);
  const seconds = options.timeout === null ? [] : [String(options.timeout)];
  const phone = await ask<ArrivedPhone>(gateway, 'phone-wait', [invited.code, ...seconds]);
  const app = [phone.app === 'smsgate' ? 'SMSGate' : phone.app, phone.app_version].filter(Boolean).join(' ');
  print(`The phone is there: ${phone.label ?? 'no name'} (${phone.id})${app && `, ${app}`}.`);
  await offerTest(gateway, phone.id, options.test);
});

async function runningGateway(): Promise<GatewayLink> {
  const config = loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() });
  if (config.MONGO_URI)
    throw new Error(
      'The data is in MongoDB (MONGO_URI is set), where commands do not reach a running gateway. ' +
        'Issue a code with POST /admin/agents/registration-codes: its answer has the same QR code.',
    );
  const gateway = await GatewayLink.find(resolve(config.DATA_DIR));
  if (!gateway) throw new Error(`No gateway runs on ${config.DATA_DIR}. Start the gateway first: npm start`);
  return gateway;
}

/** The action's one line. */
async function ask<T>(gateway: GatewayLink, name: string, args: string[]): Promise<T> {
  let answer = '';
  await gateway.call(name, args, (line) => (answer = line));
  return JSON.parse(answer) as T;
}

function show(
  { code, expires_at, server_url, join_url, hints }: InvitedByCommand,
  { plain, timeout }: PhoneOptions,
): void {
  const colours = !plain && process.stdout.isTTY === true;
  print(`Scan this with the phone, or open ${join_url} there:\n`);
  print(qrText(join_url, colours));
  print(`  Server address: ${server_url}`);
  print(`  Code:           ${code}`);
  for (const hint of hints) print(`  ! ${hint}`);
  const patience =
    timeout === null ? `until ${DateTime.fromISO(expires_at).toFormat('HH:mm')}` : `for ${timeout} seconds`;
  print(`\nWaiting for the phone ${patience}. Ctrl-C ends it.`);
}

/** `number` null: no test; undefined: asks for one, again after each that failed, if there is somebody to ask. */
async function offerTest(gateway: GatewayLink, id: string, number: string | null | undefined): Promise<void> {
  if (number === null) return;
  if (number !== undefined) return gateway.call('phone-test', [id, number], print);
  if (!process.stdin.isTTY) return print('To send a test text, run it with --test NUMBER, or in a terminal.');
  for (;;) {
    const typed = await question('Send a test text to (number, empty for none): ');
    if (typed === '') return;
    try {
      await gateway.call('phone-test', [id, typed], print);
      process.exitCode = 0;
      return;
    } catch (error) {
      print((error as Error).message);
      process.exitCode = 1;
    }
  }
}

/** Ctrl-D answers nothing. */
async function question(text: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  lines.once('SIGINT', leave);
  try {
    const [typed] = await Promise.race([lines.question(text).then((typed) => [typed]), once(lines, 'close')]);
    return String(typed ?? '').trim();
  } finally {
    lines.close();
  }
}

function leave(): void {
  process.stdout.write('\n');
  process.exit(130);
}
