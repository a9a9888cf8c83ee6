import { defineConfig } from 'vitest/config';

/** Unit specs beside the code, contract and e2e suites under test/. Why Vitest: docs/decisions/0006-test-runner.md. */
export default defineConfig({
  // Nest reads constructor types at run time.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['{src,android-agent-sim,test}/**/*.spec.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two cores: more workers only take turns.
    maxWorkers: 2,
  },
});
