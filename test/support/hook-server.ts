import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';

/** A call as the hook got it. */
export interface HookCall {
  headers: IncomingMessage['headers'];
  raw: string;
  body: Record<string, any>;
}

export interface HookReply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A tenant's own program on loopback, which answers as the test says. */
export class HookServer {
  readonly calls: HookCall[] = [];
  answers: (call: HookCall) => HookReply | Promise<HookReply> = () => ({ status: 204 });
  private readonly server: Server = createServer((request, response) => {
    void this.take(request).then(({ status, body, headers = {} }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
    });
  });

  async start(): Promise<this> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook?shop=1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await once(this.server.close(), 'close');
  }

  private async take(request: IncomingMessage): Promise<HookReply> {
    const raw = await readText(request);
    const call = { headers: request.headers, raw, body: JSON.parse(raw) };
    this.calls.push(call);
    return this.answers(call);
  }
}
