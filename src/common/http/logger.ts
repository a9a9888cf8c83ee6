import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import type { Config } from '../../config/load-config.js';

/** JSON lines on standard output. Texts and numbers are not logged; what could carry a secret is cut out. */
export function createLogger(config: Config): Logger {
  return pino({
    name: config.APP_NAME,
    level: config.LOG_LEVEL,
    redact: ['req.headers.authorization', 'req.headers["x-api-key"]', 'headers.authorization', 'headers["x-api-key"]'],
    serializers: { req: (request: { id: string; method: string }) => ({ id: request.id, method: request.method }) },
  });
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
    // Nest tells of every route and module at start; that is for debugging.
    const quiet =
      level === 'info' &&
      /^(RouterExplorer|RoutesResolver|InstanceLoader|NestFactory|NestApplication)$/.test(String(context));
    this.logger[quiet ? 'debug' : level]({ ...fields, context }, text);
  }
}
