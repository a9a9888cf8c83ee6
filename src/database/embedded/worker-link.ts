import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { encodeJson } from './document-json.js';
import { Outbox, SHORT, type Lane } from './outbox.js';
import type { Arguments, FromWorker, Kind, Reply } from './protocol.js';
import { errorFromRecord, StoreClosedError } from './store-errors.js';
import { workerUrl } from './worker-location.js';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * The main thread's side. Operations that arrive while the worker is busy wait and are sent in one message: sending to the other thread
 * and committing cost more than most operations, so under load all waiting operations share both.
 */
export class WorkerLink {
  readonly #waiting = new Map<number, Waiting>();
  readonly #outbox = new Outbox();
  /** True while a message is being sent or is about to be sent. */
  #isSending = false;
  #unanswered = 0;
  #lastId = 0;
  /** The error for all further operations. */
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
    { documents, lane = SHORT }: { documents?: readonly string[]; lane?: Lane } = {},
  ): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const request = { id: ++this.#lastId, kind, collection, args: encodeJson(args), documents };
      this.#waiting.set(request.id, { resolve, reject });
      this.#outbox.add(request, lane);
      this.#sendSoon();
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

  /** Sends at the end of this turn of the event loop, after all its callbacks have added their operations. */
  #sendSoon(): void {
    if (this.#isSending || this.#outbox.isEmpty) return;
    this.#isSending = true;
    setImmediate(() => this.#send());
  }

  #send(): void {
    const lists = this.#ended ? [this.#outbox.takeAll()] : this.#outbox.take();
    this.#unanswered = lists.reduce((sum, requests) => sum + requests.length, 0);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    for (const requests of lists) this.worker.postMessage(requests);
  }

  #receive(message: FromWorker): void {
    if (message.type === 'replies') this.#receiveReplies(message.replies);
    else if (message.type === 'fatal') this.#fail(errorFromRecord(message.error));
  }

  #receiveReplies(replies: readonly Reply[]): void {
    for (const reply of replies) this.#answer(reply);
    this.#unanswered -= replies.length;
    if (this.#unanswered > 0) return;
    this.#isSending = false;
    this.#sendSoon();
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
