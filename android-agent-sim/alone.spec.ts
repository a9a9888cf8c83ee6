import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The built program with its package.json, as it is copied to a phone. */
let folder: string;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const packageAt = (path: string) => JSON.parse(readFileSync(here(path), 'utf8'));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-'));
  cpSync(here('../dist/android-agent-sim'), folder, { recursive: true });
  cpSync(here('package.json'), join(folder, 'package.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the built program imports only Node and itself', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  expect(files).toContain('main.js');
  const imported = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
      (match) => match[1]!,
    ),
  );
  expect(imported.length).toBeGreaterThan(50);
  expect(imported.filter((name) => !/^(node:|\.\.?\/(?!.*\.\.))/.test(name))).toEqual([]);
});

test('its folder runs where nothing else is', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['main.js', '--help'], { cwd: folder, env: {} });
  expect(stdout).toContain('--modem');
});

test('it is built by the compiler of the gateway, and has no dependencies', () => {
  const { dependencies, devDependencies, engines } = packageAt('package.json');
  const gateway = packageAt('../package.json');
  expect(dependencies).toBeUndefined();
  expect(engines).toEqual(gateway.engines);
  for (const [name, version] of Object.entries(devDependencies)) {
    expect(`${name} ${version}`).toBe(`${name} ${gateway.devDependencies[name]}`);
  }
});
