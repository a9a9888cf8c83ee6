import { describe, expect, it } from '@jest/globals';
import { inFormat } from './log-format.js';
import { createLogger } from './logger.js';

/** What is written of one event. */
function written(format: 'pretty' | 'json' | undefined, { tty = false, noColor = '' } = {}): string {
  const lines: string[] = [];
  const before = [process.stdout.isTTY, process.env['NO_COLOR']] as const;
  process.stdout.isTTY = tty;
  process.env['NO_COLOR'] = noColor;
  try {
    const destination = inFormat(format, { write: (line) => void lines.push(line) });
    createLogger({ APP_NAME: 'sms', LOG_LEVEL: 'info' }, destination).info(
      { to: '+84901234567', context: 'Here' },
      'x',
    );
    return lines.join('');
  } finally {
    process.stdout.isTTY = before[0];
    if (before[1] === undefined) delete process.env['NO_COLOR'];
    else process.env['NO_COLOR'] = before[1];
  }
}
const COLOUR = String.fromCodePoint(0x1b);

describe('the logger', () => {
  it('masks numbers and cuts out texts and credentials, also one level below', () => {
    const lines: string[] = [];
    const logger = createLogger({ APP_NAME: 'sms', LOG_LEVEL: 'info' }, { write: (line) => void lines.push(line) });
    logger.info(
      {
        to: '+84901234567',
        message: { from: '+84901234567', text: 'Ma OTP 123456' },
        headers: { 'x-api-key': 'tlk_secret' },
      } as object,
      'x',
    );
    const [line] = lines;
    expect(line).toContain('+84***567');
    for (const hidden of ['901234567', '123456', 'tlk_secret']) expect(line).not.toContain(hidden);
  });

  it('writes lines for people on a terminal, and JSON anywhere else, unless told otherwise', () => {
    const people = /^\[[-\d]{10} [:\d]{8}\] INFO: Here: x \{"to":"\+84\*\*\*567"\}\n$/;
    expect(JSON.parse(written(undefined))).toMatchObject({ name: 'sms', msg: 'x', to: '+84***567' });
    expect(JSON.parse(written('json', { tty: true }))).toMatchObject({ msg: 'x' });
    expect(written('pretty')).toMatch(people);
    expect(written(undefined, { tty: true, noColor: '1' })).toMatch(people);
    expect(written(undefined, { tty: true })).toContain(COLOUR);
  });
});
