import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The compiled worker. Tests run the TypeScript sources through a transformer that a thread of its own does not have, so from
 * there the build's output is used (`npm test` builds first).
 */
export function workerUrl(): URL {
  const here = import.meta.url;
  const url = here.endsWith('.ts')
    ? new URL('../../../dist/database/embedded/worker.js', here)
    : new URL('./worker.js', here);
  if (!existsSync(fileURLToPath(url)))
    throw new Error('The embedded store is not built yet: run `npm run build` first.');
  return url;
}
