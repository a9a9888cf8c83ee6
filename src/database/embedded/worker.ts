import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { DATA_FILE } from './data-file.js';
import { BatchRunner } from './engine/batch-runner.js';
import { Catalog } from './engine/catalog.js';
import { FileWatch } from './engine/file-watch.js';
import { openDatabase } from './engine/open-database.js';
import type { FromWorker, Request } from './protocol.js';
import { errorToRecord } from './store-errors.js';

/** The thread that owns the store's one connection. */
const port = parentPort!;
const LOOK_EVERY_MILLIS = 1000;
const queue: Request[] = [];

function send(message: FromWorker): void {
  port.postMessage(message);
}

function open(): { runner: BatchRunner; file: FileWatch } | undefined {
  try {
    const { dir } = workerData as { dir: string };
    const database = openDatabase(dir);
    const catalog = new Catalog(database);
    const file = new FileWatch(join(dir, DATA_FILE));
    const runner = new BatchRunner(database, catalog, file);
    send({ type: 'opened' });
    return { runner, file };
  } catch (error) {
    send({ type: 'refused', error: errorToRecord(error) });
    return undefined;
  }
}

function serve(runner: BatchRunner, file: FileWatch): void {
  port.on('message', (requests: Request[]) => {
    queue.push(...requests);
    orEnd(() => {
      while (queue.length > 0) {
        const closing = queue[0]!.kind === 'close';
        send({ type: 'replies', replies: runner.runBatch(queue) });
        if (closing) return end();
      }
    });
  });
  const looking = setInterval(() => orEnd(() => file.check()), LOOK_EVERY_MILLIS);

  function end(): void {
    clearInterval(looking);
    port.close();
  }
  function orEnd(work: () => void): void {
    try {
      work();
    } catch (error) {
      // Waiting operations get no answer: the main thread rejects all of them.
      send({ type: 'fatal', error: errorToRecord(error) });
      end();
    }
  }
}

const opened = open();
if (opened) serve(opened.runner, opened.file);
