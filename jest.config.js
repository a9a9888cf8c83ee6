import { readFileSync } from 'node:fs';

const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const packages = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.includes('jest'));

/** Suites that need something else than Node. */
const SUITES = {
  mongo: ['**/test/{contract,e2e}/**/*.spec.ts'],
  browser: ['**/test/browser/**/*.spec.ts'],
  usual: ['**/*.spec.ts', '!**/test/browser/**'],
};
const suite = process.env['BROWSER_TESTS'] ? 'browser' : process.env['E2E_STORE'] === 'mongo' ? 'mongo' : 'usual';

/** Unit specs beside the code, contract and e2e suites under test/. What makes it work: docs/decisions/0006-test-runner.md. */
export default {
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/android-agent-sim'],
  testMatch: SUITES[suite],
  extensionsToTreatAsEsm: ['.ts'],
  // Sources import one another as Node does, by the names that the build gives them.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: './test/jest/environment.js',
  transform: {
    [`/node_modules/(${packages.join('|')})/`]: './test/jest/native-package.js',
    // Nest reads constructor types at run time.
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
  transformIgnorePatterns: [],
  injectGlobals: false,
  // Programs take their time to start on a busy machine; a test that asks for speed measures it.
  testTimeout: 90_000,
  // Two cores: more workers only take turns.
  maxWorkers: 2,
  workerIdleMemoryLimit: '700MB',
};
