import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.js';

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
});
