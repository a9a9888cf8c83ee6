import type { Worker } from '../../src/workers/worker.js';

/** The worker of its owner, which keeps it to itself. */
function workerOf(owner: object): Worker {
  return (owner as { worker: Worker }).worker;
}

/** From now on the worker runs no turn by its timer, only when somebody wakes it or runs it. */
export function withoutTimer(owner: object): void {
  const worker = workerOf(owner);
  Object.assign(worker, { pause: () => undefined });
  clearTimeout(worker['timer']);
}

/** From now on the worker runs only the turns that the test starts (`run`), and none by itself, not even after a running turn. */
export async function byHand(owner: object): Promise<void> {
  withoutTimer(owner);
  await workerOf(owner).run();
}

/** The same, and nobody can wake it: what arrives starts no turn. */
export async function onlyByHand(owner: object): Promise<void> {
  Object.assign(workerOf(owner), { wake: () => undefined });
  await byHand(owner);
}
