import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { sameSecret } from '../common/secrets.js';
import { Config } from '../config/load-config.js';
import { ControlActions, type ControlAction } from './control-actions.js';
import { removeControlFile, writeControlFile } from './control-file.js';
import { PID_HEADER, type ControlLine } from './wire.js';

/**
 * Takes commands on a loopback port of its own while this gateway owns the data folder, which no second process can open. The port
 * and its secret are in a file of that folder. On MongoDB there is nothing to do: commands open the database themselves.
 */
@Injectable()
export class ControlServer implements OnModuleDestroy {
  readonly #logger = new Logger(ControlServer.name);
  readonly #token = randomBytes(32).toString('base64url');
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(
    private readonly config: Config,
    private readonly actions: ControlActions,
  ) {}

  async listen(): Promise<void> {
    if (this.config.MONGO_URI) return;
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    const { port } = this.#server.address() as AddressInfo;
    try {
      writeControlFile(this.#dir, { port, token: this.#token, pid: process.pid });
    } catch (error) {
      this.#logger.warn(`commands can't reach this gateway: ${(error as Error).message}`);
    }
  }

  /** Aborts the running actions and waits for them: they need the store, which closes next. */
  async onModuleDestroy(): Promise<void> {
    if (!this.#server.listening) return;
    removeControlFile(this.#dir);
    this.#server.close();
    this.#stopping.abort(new Error('The gateway stops.'));
    await Promise.allSettled(this.#running);
    this.#server.closeAllConnections();
  }

  get #dir(): string {
    return resolve(this.config.DATA_DIR);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader(PID_HEADER, process.pid);
    if (!sameSecret(request.headers.authorization ?? '', `Bearer ${this.#token}`)) return refuse(response, 401);
    const name = (request.url ?? '').slice(1);
    const action = this.actions.get(name);
    if (request.method !== 'POST' || !action) return refuse(response, 404);
    if (name !== 'ping') this.#logger.log(`command ${name}`);
    const running = this.#run(action, request, response);
    this.#running.add(running);
    await running.finally(() => this.#running.delete(running));
  }

  async #run(action: ControlAction, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort(new Error('The caller closed the connection.')));
    const signal = AbortSignal.any([gone.signal, this.#stopping.signal]);
    const write = (line: ControlLine) => void response.write(`${JSON.stringify(line)}\n`);
    try {
      const { args } = JSON.parse(await text(request)) as { args: string[] };
      await action({ args, signal, say: (line) => write({ line }) });
      write({ done: true });
    } catch (error) {
      write({ error: (error as Error).message });
    }
    response.end();
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' }).end();
}
