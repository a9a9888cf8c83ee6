import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN, TestGateway } from '../support/gateway.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GENERATED = join(ROOT, 'test/typed-client/generated');
const run = promisify(execFile);
/** A tool of node_modules, with nothing that it could call home for. */
const tool = (path: string, ...args: string[]) =>
  run(process.execPath, [join(ROOT, 'node_modules', path), ...args], {
    cwd: ROOT,
    env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' },
    maxBuffer: 16 * 1024 * 1024,
  }).catch((failed: { stdout: string; stderr: string }) => failed);

describe('the OpenAPI document, for the tools of others', () => {
  let gateway: TestGateway;
  let document: object;
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-api-'));

  beforeAll(async () => {
    gateway = await TestGateway.start();
    document = (await gateway.api.get('/schema/openapi.json')).body;
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await gateway.stop();
  });

  it('is valid without an error or a warning', async () => {
    const file = join(folder, 'openapi.json');
    writeFileSync(file, JSON.stringify(document));
    // There is no licence to name, nothing in a call of /health could be wrong, and no request's id is the word `import`.
    const skipped = ['info-license', 'operation-4xx-response', 'no-ambiguous-paths'].map(
      (rule) => `--skip-rule=${rule}`,
    );
    const { stdout } = await tool('@redocly/cli/bin/cli.js', 'lint', file, '--format=json', ...skipped);
    const { totals, problems } = JSON.parse(stdout) as { totals: object; problems: { message: string }[] };
    expect(problems.map(({ message }) => message)).toEqual([]);
    expect(totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
  });

  it('makes a typed client that does the main job', async () => {
    mkdirSync(GENERATED, { recursive: true });
    writeFileSync(join(GENERATED, 'api.d.ts'), astToString(await openapiTS(document as never)));
    // By a path that the compiler doesn't follow: what that folder imports is only there since the line above.
    const program = new URL('../typed-client/main-job.ts', import.meta.url).href;
    const { mainJob } = (await import(program)) as {
      mainJob(...args: string[]): Promise<unknown>;
    };
    const checked = tool('typescript/bin/tsc', '--project', 'test/typed-client');
    const job = await mainJob(`${gateway.url}/sms`, ADMIN.username, ADMIN.password);
    expect(job).toEqual({
      texts: ['Ma OTP 123456'],
      status: 'DELIVERED',
      events: ['accepted', 'ASSIGNED', 'SENDING', 'SENT', 'DELIVERED'],
      reference: 'order-1001',
      refused: 'message_not_found',
    });
    expect(await checked).toEqual({ stdout: '', stderr: '' });
  });
});
