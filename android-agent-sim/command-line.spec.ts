import { expect, test } from '@jest/globals';
import { run } from './cli.js';
import { parseCommandLine } from './command-line.js';
import { HELP } from './help.js';
import { DEFAULTS } from './options.js';

/** Where the option isn't the field's name. */
const OTHER_NAMES: Record<string, string> = {
  pace: 'no-pace',
  heartbeatSeconds: 'heartbeat',
  sendTimeoutSeconds: 'send-timeout',
  inboxSeconds: 'inbox-every',
};

test('nothing given is the defaults', () => {
  expect(parseCommandLine([])).toEqual({ help: false, phones: DEFAULTS, output: 'live' });
});

test('every option finds its place', () => {
  const command = parseCommandLine(
    [
      '--url',
      'https://sms.example/sms',
      '--phones',
      '3',
      '--latency',
      '5',
      '--delivery-latency=10-20',
      '--failure=.5',
    ].concat([
      '--no-pace',
      '--until',
      '9',
      '--duration',
      '1.5',
      '--json',
      '--tenant',
      'acme',
      '--crash-seconds',
      '0.5',
    ]),
    { AGENT_REGISTRATION_SECRET: 'from-the-environment' },
  );
  expect(command).toMatchObject({ until: 9, duration: 1.5, output: 'json' });
  expect(command.phones).toMatchObject({
    url: 'https://sms.example/sms',
    secret: 'from-the-environment',
    tenant: 'acme',
    phones: 3,
    latency: [5, 5],
    deliveryLatency: [10, 20],
    failure: 0.5,
    crashSeconds: 0.5,
    pace: false,
  });
});

test.each([
  [['--phnoes', '2'], '--phnoes'],
  [['--phones', '0'], '--phones'],
  [['--phones', '1.5'], '--phones'],
  [['--phones'], '--phones'],
  [['--limit', '201'], '--limit'],
  [['--wait', '31'], '--wait'],
  [['--failure', '1.1'], '--failure'],
  [['--failure', ''], '--failure'],
  [['--latency', '800-200'], '--latency'],
  [['--url', 'ftp://x'], '--url'],
  [['--url', 'nonsense'], '--url'],
  [['--seed', 'x'], '--seed'],
  [['--token', 't', '--phones', '2'], '--token'],
  [['--json', '--quiet'], '--json'],
  [['--device', ' '], '--device'],
  [['stray'], 'stray'],
])('%j is refused with status 2, naming what is wrong', async (args, named) => {
  const { status, err, out } = await runWith(args);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain(named);
});

test('the help documents every option that is taken', async () => {
  const { status, out } = await runWith(['--help']);
  expect({ status, out }).toEqual({ status: 0, out: HELP });
  for (const option of Object.keys(DEFAULTS)) {
    const name = OTHER_NAMES[option] ?? kebab(option);
    expect(HELP).toContain(`--${name}`);
  }
});

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

async function runWith(args: string[]) {
  let out = '';
  let err = '';
  const status = await run(args, {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment: {},
    signal: new AbortController().signal,
  });
  return { status, out, err };
}

test('a real phone has a name of its own, and a journal', () => {
  const { phones } = parseCommandLine(['--modem', 'termux', '--device', 'anna-1']);
  expect(phones).toMatchObject({ modem: 'termux', device: 'anna-1', phones: 1 });
  expect(phones.journal).toMatch(/\.agent-journal$/);
  expect(parseCommandLine(['--modem', 'termux', '--device', 'a', '--journal', 'here']).phones.journal).toBe('here');
  expect(parseCommandLine([]).phones.journal).toBeUndefined();
  expect(() => parseCommandLine(['--modem', 'termux'])).toThrow('--modem termux needs --device');
  expect(() => parseCommandLine(['--modem', 'fax'])).toThrow('--modem takes simulated or termux or gammu');
});

test.each([['--dishonest'], ['--no-pace'], ['--phones', '2'], ['--crash', '0.1'], ['--offline', '0.1']])(
  'a real phone takes no %s',
  (...args) => {
    expect(() => parseCommandLine(['--modem', 'termux', '--device', 'anna-1', ...args])).toThrow(
      `${args[0]} is for simulated phones`,
    );
  },
);
