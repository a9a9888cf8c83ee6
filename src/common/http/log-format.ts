import { createRequire } from 'node:module';
import type { DestinationStream } from 'pino';
import type { PrettyOptions } from 'pino-pretty';

type PinoPretty = { prettyFactory(options: PrettyOptions): (line: string) => string };

/** Lines for people where people read them: on a terminal, or when it is asked for. */
export function inFormat(format: 'pretty' | 'json' | undefined, lines: DestinationStream): DestinationStream {
  const isTerminal = process.stdout.isTTY;
  if (format === 'json' || (format === undefined && !isTerminal)) return lines;
  // Loaded only where it is used: a gateway that runs as a service never needs it.
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as PinoPretty;
  const pretty = prettyFactory({
    // https://no-color.org
    colorize: isTerminal && !process.env['NO_COLOR'],
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss',
    ignore: 'pid,hostname,name,context',
    messageFormat: '{if context}{context}: {end}{msg}',
    singleLine: true,
  });
  return { write: (line) => lines.write(pretty(line)) };
}
