import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN, TestGateway } from '../support/gateway.js';

const withCurl = spawnSync('curl', ['--version']).status === 0 ? it : it.skip;

/** The commands of a section of the README. */
async function commandsOf(section: string): Promise<string> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const block = readme.split(`\n## ${section}\n`)[1]!.split('```sh\n')[1]!;
  return block.split('\n```')[0]!;
}

describe('the tour of the README', () => {
  let gateway: TestGateway;
  let folder: string;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    folder = await mkdtemp(join(tmpdir(), 'trunkline-tour-'));
  });
  afterAll(async () => {
    await gateway.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(...sections: string[]): Promise<{ lines: string[]; complaints: string }> {
    const commands = (await Promise.all(sections.map(commandsOf))).join('\n');
    const script = commands.replace('URL=http://127.0.0.1:8000', `URL=${gateway.url}`);
    const shell = spawn('bash', ['-u', '-c', script], {
      cwd: folder,
      env: { ...process.env, PASSWORD: ADMIN.password },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let complaints = '';
    shell.stdout.on('data', (data) => (out += data));
    shell.stderr.on('data', (data) => (complaints += data));
    await new Promise((resolve) => shell.once('close', resolve));
    return { lines: out.trimEnd().split('\n'), complaints };
  }

  withCurl('prints a line at each step, and can be run twice', async () => {
    for (let turn = 0; turn < 2; turn++) {
      const { lines, complaints } = await run('Five minutes with curl');
      expect(complaints).toBe('');
      expect(lines).toEqual([
        expect.stringMatching(/^1\. token: ey\S+$/),
        expect.stringMatching(/^2\. API key: \S+$/),
        expect.stringMatching(/^3\. \{.+\}$/),
        expect.stringMatching(/^4\. phone: agt_\w+$/),
        expect.stringMatching(/^5\. template: tpl_\w+, approved: true$/),
        expect.stringMatching(/^6\. request: req_\w+$/),
        expect.stringMatching(/^7\. leased: msg_\w+$/),
        expect.stringMatching(/^ {3}SENDING: .*"updated":1/),
        expect.stringMatching(/^ {3}SENT: .*"updated":1/),
        expect.stringMatching(/^ {3}DELIVERED: .*"updated":1/),
        '8. DELIVERED',
        expect.stringContaining('"status_counts":{"DELIVERED":1}'),
      ]);
    }
  });

  withCurl('goes on with a CSV file', async () => {
    const { lines, complaints } = await run('Five minutes with curl', 'Send a CSV file');
    expect(complaints).toBe('');
    const [trial, progress] = lines.slice(-2).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(trial).toMatchObject({ dry_run: true, total_messages: 2 });
    expect(progress).toMatchObject({ total_messages: 2 });
  });
});
