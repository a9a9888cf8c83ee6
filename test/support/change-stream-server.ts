import { BSON, Long } from 'mongodb';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER = 16;
const CURSOR = Long.fromNumber(7);

type Command = Record<string, any>;

/**
 * The part of a MongoDB server that a change stream needs, because the servers that tests run on have none. Every open stream gets the
 * documents that are passed to `insert`.
 */
export class ChangeStreamServer {
  private readonly events: object[] = [];
  private readonly sockets = new Set<Socket>();
  private wake = (): void => undefined;
  private failure: { code: number; errmsg: string } | undefined;
  /** The pipelines of the streams that were opened. */
  readonly opened: object[] = [];

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.serve(socket));
  }

  static async start(): Promise<ChangeStreamServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ChangeStreamServer(server);
  }

  get uri(): string {
    return `mongodb://127.0.0.1:${(this.server.address() as AddressInfo).port}/?directConnection=true`;
  }

  insert(fullDocument: object): void {
    const _id = { _data: String(this.events.length) };
    this.events.push({ _id, operationType: 'insert', fullDocument, ns: { db: 'test', coll: 'wakes' } });
    this.wake();
  }

  /** The error with which every command of a stream fails from now on; undefined: none. */
  fail(failure: { code: number; errmsg: string } | undefined): void {
    this.failure = failure;
    this.wake();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => void this.server.close(() => resolve()));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    let read = Buffer.alloc(0);
    socket.on('data', (piece) => {
      read = Buffer.concat([read, piece]);
      while (read.length >= 4 && read.length >= read.readInt32LE(0)) {
        const length = read.readInt32LE(0);
        const message = read.subarray(0, length);
        read = read.subarray(length);
        void this.answer(message).then((answer) => socket.writable && socket.write(answer));
      }
    });
  }

  private async answer(message: Buffer): Promise<Buffer> {
    const [id, code] = [message.readInt32LE(4), message.readInt32LE(12)];
    if (code === OP_QUERY) {
      // Flags, the collection's name, how many to skip and to return; then the first `hello` command.
      const afterName = message.indexOf(0, HEADER + 4) + 1;
      const greeting = BSON.deserialize(message.subarray(afterName + 8));
      return reply(id, OP_REPLY, Buffer.alloc(20, Buffer.from([0, 0, 0, 0])), await this.run(greeting), true);
    }
    const command = BSON.deserialize(message.subarray(HEADER + 5), { promoteLongs: true });
    return reply(id, OP_MSG, Buffer.alloc(5), await this.run(command), false);
  }

  private async run(command: Command): Promise<object> {
    const ns = 'test.wakes';
    if ('aggregate' in command) {
      this.opened.push(command['pipeline']);
      const postBatchResumeToken = { _data: 'now' };
      return this.failed() ?? { ok: 1, cursor: { id: CURSOR, ns, firstBatch: [], postBatchResumeToken } };
    }
    if ('getMore' in command) {
      if (this.events.length === 0 && !this.failure) await this.something();
      const postBatchResumeToken = { _data: 'later' };
      const nextBatch = this.failure ? [] : this.events.splice(0);
      return this.failed() ?? { ok: 1, cursor: { id: CURSOR, ns, nextBatch, postBatchResumeToken } };
    }
    return {
      ok: 1,
      helloOk: true,
      isWritablePrimary: true,
      ismaster: true,
      minWireVersion: 0,
      maxWireVersion: 25,
      maxBsonObjectSize: 16 * 1024 * 1024,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
      logicalSessionTimeoutMinutes: 30,
      setName: 'rs0',
      hosts: ['127.0.0.1:1'],
    };
  }

  private failed(): object | undefined {
    return this.failure && { ok: 0, codeName: 'Failed', ...this.failure };
  }

  /** A server waits for a second when there are no events. */
  private something(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 50);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function reply(to: number, code: number, prefix: Buffer, answer: object, isOld: boolean): Buffer {
  // One document follows.
  if (isOld) prefix.writeInt32LE(1, 16);
  const body = Buffer.from(BSON.serialize(answer));
  const head = Buffer.alloc(HEADER);
  head.writeInt32LE(HEADER + prefix.length + body.length, 0);
  head.writeInt32LE(to, 8);
  head.writeInt32LE(code, 12);
  return Buffer.concat([head, prefix, body]);
}
