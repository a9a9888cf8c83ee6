// Runs main.ts without a build of its own: the harness is TypeScript like the tests, and Vite is there for them already.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(fileURLToPath(new URL('./main.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
});
process.exitCode = await module.main(process.argv.slice(2));
