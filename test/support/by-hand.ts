import type { Worker } from '../../src/workers/worker.js';

/** From now on the worker runs only the turns that the test starts (`run`), and none by itself, not even after a running turn. */
export async function byHand(owner: object): Promise<void> {
  const { worker } = owner as { worker: Worker };
  Object.assign(worker, { pause: () => undefined });
  clearTimeout(worker['timer']);
  await worker.run();
}
