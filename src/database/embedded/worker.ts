import { parentPort, workerData } from 'node:worker_threads';
import { BatchRunner } from './engine/batch-runner.js';
import { Catalog } from './engine/catalog.js';
import { openDatabase } from './engine/open-database.js';
import type { FromWorker, Request } from './protocol.js';
import { errorToRecord } from './store-errors.js';

/** The thread that owns the store's one connection. */
const port = parentPort!;
const queue: Request[] = [];

function send(message: FromWorker): void {
  port.postMessage(message);
}

function open(): BatchRunner | undefined {
  try {
    const database = openDatabase((workerData as { dir: string }).dir);
    const runner = new BatchRunner(database, new Catalog(database));
    send({ type: 'opened' });
    return runner;
  } catch (error) {
    send({ type: 'refused', error: errorToRecord(error) });
    return undefined;
  }
}

function serve(runner: BatchRunner): void {
  port.on('message', (requests: Request[]) => {
    queue.push(...requests);
    try {
      while (queue.length > 0) {
        const closing = queue[0]!.kind === 'close';
        send({ type: 'replies', replies: runner.runBatch(queue) });
        if (closing) return port.close();
      }
    } catch (error) {
      // What waits is never answered: the main side rejects it all.
      send({ type: 'fatal', error: errorToRecord(error) });
      port.close();
    }
  });
}

const runner = open();
if (runner) serve(runner);
