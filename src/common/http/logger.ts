import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import type { Config } from '../../config/load-config.js';
import { maskNumber } from '../../domain/phone-number.js';
import { GatheredLines } from './gathered-lines.js';
import { inFormat } from './log-format.js';

const SECRETS = [
  'authorization',
  '["x-api-key"]',
  'password',
  'plain_key',
  'agent_token',
  'registration_secret',
  'text',
  'body',
];
const NUMBERS = ['to', 'from'];

/**
 * Logs JSON lines, or on a terminal lines for people. Phone numbers, texts and credentials in a logged object, at the top or one level below, are masked or removed here.
 */
export function createLogger(
  config: Pick<Config, 'APP_NAME' | 'LOG_LEVEL' | 'LOG_FORMAT'>,
  destination?: DestinationStream,
): Logger {
  const paths = [...SECRETS, ...NUMBERS].flatMap((name) => [name, name.startsWith('[') ? `*${name}` : `*.${name}`]);
  const options: LoggerOptions = {
    name: config.APP_NAME,
    level: config.LOG_LEVEL,
    redact: {
      paths,
      censor: (value, path) =>
        NUMBERS.includes(path.at(-1)!) && typeof value === 'string' ? maskNumber(value) : '[cut out]',
    },
    serializers: { req: (request: { id: string; method: string }) => ({ id: request.id, method: request.method }) },
  };
  return pino(options, destination ?? inFormat(config.LOG_FORMAT, gathered()));
}

/** One logger for the process, even if it runs several gateways. */
function gathered(): GatheredLines {
  return (stdout ??= new GatheredLines());
}
let stdout: GatheredLines | undefined;

/** The same lines without the search for secrets: only for fixed fields that never contain a phone number, a text or a secret. */
export function withoutRedaction(logger: Logger, { APP_NAME: name }: Pick<Config, 'APP_NAME'>): Logger {
  const { [pino.symbols.streamSym]: destination } = logger as unknown as Record<symbol, DestinationStream>;
  return pino({ name, level: logger.level }, destination!);
}

/** Nest's own lines through the same logger. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(
    level: 'info' | 'error' | 'warn' | 'debug' | 'trace',
    message: unknown,
    rest: readonly unknown[],
  ): void {
    const context = rest.at(-1);
    const fields = message instanceof Error ? { err: message } : typeof message === 'object' ? message : {};
    const text =
      typeof message === 'string' ? message : typeof rest[0] === 'string' && rest.length > 1 ? rest[0] : undefined;
    // Nest logs every route and module at start; that is for debugging.
    const quiet =
      level === 'info' &&
      /^(RouterExplorer|RoutesResolver|InstanceLoader|NestFactory|NestApplication)$/.test(String(context));
    this.logger[quiet ? 'debug' : level]({ ...fields, context }, text);
  }
}
