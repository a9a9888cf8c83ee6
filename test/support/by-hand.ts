import type { Worker } from '../../src/workers/worker.js';

/** From now on the worker takes the turns that the test asks for (`run`), and none by itself: not even after one that is under way. */
export async function byHand(owner: object): Promise<void> {
  const { worker } = owner as { worker: Worker };
  Object.assign(worker, { pause: () => undefined });
  clearTimeout(worker['timer']);
  await worker.run();
}
