import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MessageStatus } from '../../src/domain/message-status.js';
import type { Ledger } from './ledger.js';
import type { Target } from './target.js';

/**
 * What the phones talk to: passes everything on to the gateway of the moment and writes down what it answered, once the answer has
 * come whole. Without a gateway it hangs up, as an unplugged machine would.
 */
export class PhoneProxy {
  private constructor(private readonly server: Server) {}

  static async start(target: Target, ledger: Ledger): Promise<PhoneProxy> {
    const server = createServer((incoming, answer) => forward(target, ledger, incoming, answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PhoneProxy(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

function forward(target: Target, ledger: Ledger, incoming: IncomingMessage, answer: ServerResponse): void {
  const hangUp = (): void => void incoming.socket.destroy();
  if (!target.url) return hangUp();
  const { method, headers, url } = incoming;
  const outgoing = request(target.url + url!, { method, headers, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', hangUp);
    response.on('end', () => {
      if (!response.complete) return hangUp();
      const body = Buffer.concat(chunks);
      if (response.statusCode === 200) note(ledger, url!, body.toString());
      if (response.statusCode! >= 500) ledger.complaints.push(`${method} ${url} was answered ${response.statusCode}`);
      answer.writeHead(response.statusCode!, { 'content-type': 'application/json' }).end(body);
    });
  });
  outgoing.on('error', hangUp);
  answer.on('close', () => answer.writableFinished || outgoing.destroy());
  incoming.pipe(outgoing);
}

interface Jobs {
  messages: { message_id: string; lease_id: string }[];
}
interface Results {
  results: { message_id: string; result: string; status: MessageStatus }[];
}

function note(ledger: Ledger, url: string, body: string): void {
  if (url.startsWith('/agent/jobs/next')) {
    for (const { message_id, lease_id } of (JSON.parse(body) as Jobs).messages) ledger.handOut(message_id, lease_id);
  } else if (url.startsWith('/agent/messages/report')) {
    for (const { message_id, result, status } of (JSON.parse(body) as Results).results) {
      if (result === 'updated' || result === 'unchanged') ledger.reported.set(message_id, status);
      if (result === 'unknown') ledger.complaints.push(`${message_id} was leased and is unknown`);
    }
  }
}
