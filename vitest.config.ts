import { defineConfig } from 'vitest/config';

/** Specs that stand in for parts of Node or of the clock, and those that keep a fleet between them, need a process of their own. */
const ALONE = ['src/**/*.spec.ts', 'android-agent-sim/**/*.spec.ts', 'test/e2e/event-loop.e2e.spec.ts'];

/** Unit specs beside the code, contract and e2e suites under test/. Why Vitest: docs/decisions/0006-test-runner.md. */
export default defineConfig({
  // Nest reads constructor types at run time.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two cores: more workers only take turns.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      // Loading Nest anew for each of fifty files took longer than the tests.
      {
        extends: true,
        test: { name: 'gateway', include: ['test/**/*.spec.ts'], exclude: ALONE, isolate: false },
      },
    ],
  },
});
