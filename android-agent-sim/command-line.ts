import { parseArgs } from 'node:util';
import { type Bounds, numberOf, oneOf, rangeOf, urlOf, UsageError, wordOf } from './option-values.js';
import { DEFAULTS, MODEMS, type PhoneOptions } from './options.js';
import { realPhone } from './real-phone.js';

export interface Command {
  help: boolean;
  phones: PhoneOptions;
  /** Seconds. */
  duration?: number;
  until?: number;
  output: 'live' | 'json' | 'quiet';
}

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean', default: false } as const;
const SHARE: Bounds = { min: 0, max: 1 };

const OPTIONS = {
  url: TEXT,
  secret: TEXT,
  tenant: TEXT,
  modem: TEXT,
  device: TEXT,
  phones: TEXT,
  token: TEXT,
  limit: TEXT,
  wait: TEXT,
  latency: TEXT,
  'delivery-latency': TEXT,
  failure: TEXT,
  delivery: TEXT,
  crash: TEXT,
  'crash-seconds': TEXT,
  offline: TEXT,
  'offline-seconds': TEXT,
  inbound: TEXT,
  'inbound-text': TEXT,
  seed: TEXT,
  sims: TEXT,
  dishonest: FLAG,
  journal: TEXT,
  'no-pace': FLAG,
  heartbeat: TEXT,
  'gammu-config': TEXT,
  'send-timeout': TEXT,
  'inbox-every': TEXT,
  'old-texts': FLAG,
  duration: TEXT,
  until: TEXT,
  json: FLAG,
  quiet: FLAG,
  help: { ...FLAG, short: 'h' },
} as const;

/** Throws UsageError, which names the wrong option. */
export function parseCommandLine(args: string[], environment: NodeJS.ProcessEnv = {}): Command {
  const values = parse(args);
  const number = (option: keyof typeof OPTIONS, fallback: number, bounds: Bounds): number => {
    const text = values[option];
    return typeof text === 'string' ? numberOf(option, text, bounds) : fallback;
  };
  const word = (option: keyof typeof OPTIONS): string | undefined => {
    const text = values[option];
    return typeof text === 'string' ? wordOf(option, text) : undefined;
  };
  const whole = (min: number, max?: number): Bounds => ({ min, whole: true, ...(max !== undefined && { max }) });
  const range = (option: 'latency' | 'delivery-latency', fallback: PhoneOptions['latency']) =>
    values[option] === undefined ? fallback : rangeOf(option, values[option]);

  const secret = word('secret') ?? (environment['AGENT_REGISTRATION_SECRET'] || undefined);
  const phones: PhoneOptions = {
    ...DEFAULTS,
    url: values.url === undefined ? DEFAULTS.url : urlOf('url', values.url),
    ...defined({
      secret,
      tenant: word('tenant'),
      token: word('token'),
      journal: word('journal'),
      gammuConfig: word('gammu-config'),
    }),
    modem: values.modem === undefined ? DEFAULTS.modem : oneOf('modem', values.modem, MODEMS),
    device: word('device') ?? DEFAULTS.device,
    phones: number('phones', DEFAULTS.phones, whole(1, 10_000)),
    limit: number('limit', DEFAULTS.limit, whole(1, 200)),
    wait: number('wait', DEFAULTS.wait, whole(0, 30)),
    latency: range('latency', DEFAULTS.latency),
    deliveryLatency: range('delivery-latency', DEFAULTS.deliveryLatency),
    failure: number('failure', DEFAULTS.failure, SHARE),
    delivery: number('delivery', DEFAULTS.delivery, SHARE),
    crash: number('crash', DEFAULTS.crash, SHARE),
    crashSeconds: number('crash-seconds', DEFAULTS.crashSeconds, { min: 0 }),
    offline: number('offline', DEFAULTS.offline, SHARE),
    offlineSeconds: number('offline-seconds', DEFAULTS.offlineSeconds, { min: 0 }),
    inbound: number('inbound', DEFAULTS.inbound, SHARE),
    inboundText: word('inbound-text') ?? DEFAULTS.inboundText,
    seed: number('seed', DEFAULTS.seed, whole(0)),
    sims: number('sims', DEFAULTS.sims, whole(1, 8)),
    dishonest: values.dishonest,
    pace: !values['no-pace'],
    heartbeatSeconds: number('heartbeat', DEFAULTS.heartbeatSeconds, { min: 1 }),
    sendTimeoutSeconds: number('send-timeout', DEFAULTS.sendTimeoutSeconds, { min: 1 }),
    inboxSeconds: number('inbox-every', DEFAULTS.inboxSeconds, { min: 1 }),
    oldTexts: values['old-texts'],
  };
  if (phones.token !== undefined && phones.phones !== 1) {
    throw new UsageError(`--token is for one phone, but --phones is ${phones.phones}`);
  }
  if (values.json && values.quiet) throw new UsageError('Use either --json or --quiet, not both');
  return {
    help: values.help,
    phones: values.help ? phones : realPhone(phones, values),
    ...(values.duration !== undefined && { duration: number('duration', 0, { min: 0 }) }),
    ...(values.until !== undefined && { until: number('until', 0, whole(1)) }),
    output: values.json ? 'json' : values.quiet ? 'quiet' : 'live',
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
