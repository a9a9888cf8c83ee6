import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const LOGGER = new URL('../../dist/common/http/logger.js', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a program of its own wrote, whichever way it ended. */
function run(body: string): Promise<{ code: number; stdout: string }> {
  const script = `import { createLogger } from '${LOGGER}';
    const logger = createLogger({ APP_NAME: 'sms', LOG_LEVEL: 'info' });
    ${body}`;
  return new Promise((resolve) => {
    const args = ['--input-type=module', '--eval', script];
    const child = execFile(process.execPath, args, { cwd: ROOT }, (_error, stdout) =>
      resolve({ code: child.exitCode!, stdout }),
    );
  });
}

describe('the last log line', () => {
  it.each([
    ['ends', '', 0],
    ['exits', 'process.exit(3);', 3],
    ['throws', "throw new Error('a crash');", 1],
    ['throws later', "setTimeout(() => { logger.info('the very last'); throw new Error('a crash'); });", 1],
    ['rejects', "Promise.reject(new Error('a crash'));", 1],
  ])('of a program that %s is there, and all before it', async (_, end, code) => {
    const lines = 250;
    const ended = await run(`for (let i = 1; i <= ${lines}; i++) logger.info({ i }, 'a line'); ${end}`);
    const told = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const later = end.includes('the very last') ? [undefined] : [];
    expect(told.map(({ i }) => i)).toEqual([...Array.from({ length: lines }, (_line, i) => i + 1), ...later]);
    expect(ended.code).toBe(code);
  });

  it('comes soon while nothing else is logged', async () => {
    const wait = 'process.stdin.resume().once("end", () => process.kill(process.pid, "SIGKILL"));';
    const child = execFile(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { createLogger } from '${LOGGER}'; ${wait} createLogger({ APP_NAME: 'sms', LOG_LEVEL: 'info' }).info('alone');`,
    ]);
    const line = await new Promise<string>((resolve) => child.stdout!.once('data', (text) => resolve(String(text))));
    child.stdin!.end();
    expect(line).toContain('"alone"');
  });
});
