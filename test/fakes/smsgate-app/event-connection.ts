import { request, type ClientRequest, type IncomingMessage } from 'node:http';

export interface ServerEvent {
  type: string;
  data: unknown;
}

/** One connection of the app to `GET /events`, over a socket of its own. */
export class EventConnection {
  /** When it is closed, by whomever; with the status of the answer, if there was one. */
  readonly closed: Promise<number | null>;
  isOpen = false;
  keepAlives = 0;
  private readonly call: ClientRequest;
  private answer: IncomingMessage | undefined;
  private rest = '';

  constructor(url: string, headers: Record<string, string>, heard: (event: ServerEvent) => void) {
    this.call = request(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false });
    this.closed = new Promise((resolve) => {
      this.call.once('close', () => {
        this.isOpen = false;
        resolve(this.answer?.statusCode ?? null);
      });
    });
    this.call.on('error', () => undefined);
    this.call.on('response', (answer) => {
      this.answer = answer.setEncoding('utf8');
      answer.on('error', () => undefined);
      this.isOpen = answer.statusCode === 200;
      answer.on('data', (text: string) => this.isOpen && this.read(text, heard));
    });
    this.call.end();
  }

  /** Nothing is read any more, and nobody is told. */
  stall(): void {
    this.answer?.pause();
  }
  resume(): void {
    this.answer?.resume();
  }
  /** As a network that goes away: the other side sees the connection break. */
  cut(): void {
    this.call.destroy();
  }

  private read(text: string, heard: (event: ServerEvent) => void): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop()!;
    for (const block of blocks) {
      const event = readBlock(block);
      if (event) heard(event);
      else this.keepAlives++;
    }
  }
}

/** An event without a line of data is dropped, as the app's library does. */
function readBlock(block: string): ServerEvent | null {
  let type = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value] = /^([^:]+):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') type = value!;
    if (field === 'data') data.push(value!);
  }
  return data.length === 0 ? null : { type, data: JSON.parse(data.join('\n')) };
}
