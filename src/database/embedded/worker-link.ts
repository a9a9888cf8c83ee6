import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { encodeJson } from './document-json.js';
import type { Arguments, FromWorker, Kind, Reply, Request } from './protocol.js';
import { errorFromRecord, StoreClosedError } from './store-errors.js';
import { workerUrl } from './worker-location.js';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The main thread's end: sends what one turn of the loop asked for in one message, and hands each answer to its asker. */
export class WorkerLink {
  readonly #waiting = new Map<number, Waiting>();
  #outbox: Request[] = [];
  #lastId = 0;
  /** Why nothing more can be asked. */
  #ended: Error | undefined;

  private constructor(
    private readonly worker: Worker,
    private readonly onFatal: (error: Error) => void,
  ) {
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error: Error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('The worker thread of the embedded store has ended.')));
  }

  static async open(dir: string, onFatal: (error: Error) => void): Promise<WorkerLink> {
    const worker = new Worker(workerUrl(), { workerData: { dir } });
    const [first] = (await once(worker, 'message')) as [FromWorker];
    if (first.type === 'opened') return new WorkerLink(worker, onFatal);
    await worker.terminate();
    throw first.type === 'refused' ? errorFromRecord(first.error) : new Error('The embedded store did not open.');
  }

  ask<K extends Kind>(
    kind: K,
    collection: string,
    args: Arguments[K],
    documents?: readonly string[],
  ): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const request = { id: ++this.#lastId, kind, collection, args: encodeJson(args), documents };
      this.#waiting.set(request.id, { resolve, reject });
      // Everything that this turn's callbacks ask for goes out together and shares a commit.
      if (this.#outbox.push(request) === 1) setImmediate(() => this.#send());
    });
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    const exited = once(this.worker, 'exit');
    const closed = this.ask('close', '', null);
    this.#ended = new StoreClosedError();
    await closed;
    await exited;
  }

  #send(): void {
    const requests = this.#outbox;
    this.#outbox = [];
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.worker.postMessage(requests);
  }

  #receive(message: FromWorker): void {
    if (message.type === 'replies') for (const reply of message.replies) this.#answer(reply);
    else if (message.type === 'fatal') this.#fail(errorFromRecord(message.error));
  }

  #answer(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(errorFromRecord(reply.error));
    else waiting?.resolve(reply.value);
  }

  #fail(error: Error): void {
    if (this.#ended && this.#waiting.size === 0) return;
    const unexpected = this.#ended === undefined;
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (unexpected) this.onFatal(error);
  }
}
