import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { text as readText } from 'node:stream/consumers';
import { CallbackSender, type Callback, type CallbackPlan } from './callback-sender.js';
import { seededRandom } from './seeded-random.js';

/** A call as it came. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Reply {
  status: number;
  /** JSON, unless it is a string. */
  body: unknown;
  headers?: Record<string, string>;
}

/** A text that the provider has taken: it goes out, whatever the caller was told. */
export interface TakenText {
  ref: string;
  attempt: string | null;
  to: string;
  from: string | null;
  text: string;
  /** Where its receipts go. */
  callbackUrl: string | null;
  /** The last status that the provider would tell of it, and its code. */
  status: string;
  code: number | null;
  at: Date;
}

/** What the provider does with one send. Empty: takes the text and says so. */
export interface Behaviour {
  /** The answer instead of a yes: then the text isn't taken, unless `takes` says so. */
  reply?: Reply;
  takes?: boolean;
  delayMillis?: number;
  /** The connection is cut: before anything is read, or after the text was taken instead of an answer. */
  cut?: 'before' | 'after';
  /** The text is taken, and no answer comes. */
  silent?: boolean;
  /** The first callback arrives before the answer. */
  early?: boolean;
}

/** A provider on loopback, over real HTTP. It takes texts, answers as its script says, and calls back. */
export abstract class ProviderServer<T extends TakenText = TakenText> {
  readonly calls: Call[] = [];
  readonly taken: T[] = [];
  readonly callbacks = new CallbackSender();
  /** What each send gets that the script has nothing for. */
  behaves: (call: Call) => Behaviour = () => ({});
  /** How callbacks go out by themselves; null: only when a test makes them. */
  plan: CallbackPlan | null = null;
  /** Where a callback really goes: a public URL that is only a name needs another address. */
  reach: (url: string) => string = (url) => url;
  private readonly script: Behaviour[] = [];
  private readonly server: Server;
  private random = seededRandom(1);

  /** With a certificate it speaks TLS. */
  constructor(
    now: () => Date = () => new Date(),
    private readonly certificate: { key: string; cert: string } | null = null,
  ) {
    this.now = now;
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      this.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    };
    this.server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
  }
  protected readonly now: () => Date;

  /** Whether a call sends a text. */
  protected abstract sends(method: string, path: string): boolean;
  /** Why the provider refuses this send by itself (credentials, a missing field); null: it doesn't. */
  protected abstract refusal(call: Call): Reply | null;
  /** The text of a send. */
  protected abstract read(call: Call): T;
  protected abstract yes(text: T): Reply;
  /** The callbacks that a text gets in the course of time. */
  protected abstract receipts(text: T): Callback[];
  /** Every call that isn't a send. */
  protected abstract serve(call: Call): Reply;

  async start(port = 0): Promise<this> {
    await once(this.server.listen(port, '127.0.0.1'), 'listening');
    return this;
  }
  get url(): string {
    return `${this.certificate ? 'https' : 'http'}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  async stop(): Promise<void> {
    await this.callbacks.stop();
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  /** What the next sends get, in this order. */
  next(...behaviours: Behaviour[]): void {
    this.script.push(...behaviours);
  }

  /** Each send gets one of these by its share, from 0 to 1; the rest are taken. Also decides which callbacks go wrong. */
  shares(seed: number, ...shares: readonly [share: number, behaviour: Behaviour][]): void {
    this.random = seededRandom(seed);
    this.behaves = () => {
      let place = this.random();
      return shares.find(([share]) => (place -= share) < 0)?.[1] ?? {};
    };
  }

  sendCalls(): Call[] {
    return this.calls.filter(({ method, path }) => this.sends(method, path));
  }

  /** Texts that went to the same number more than once. */
  takenTwice(): T[] {
    const seen = new Set<string>();
    return this.taken.filter(({ to, text }) => seen.size === seen.add(`${to} ${text}`).size);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url!, this.url);
    const method = request.method!;
    const about = { method, path, query, headers: request.headers };
    const behaviour = this.sends(method, path) ? (this.script.shift() ?? this.behaves({ ...about, body: '' })) : {};
    if (behaviour.cut === 'before') {
      this.calls.push({ ...about, body: '' });
      return void request.socket.destroy();
    }
    const call = { ...about, body: await readText(request) };
    this.calls.push(call);
    if (!this.sends(method, path)) return answer(response, this.serve(call));
    const refusal = this.refusal(call);
    if (refusal) return answer(response, refusal);
    await this.send(call, behaviour, response);
  }

  private async send(call: Call, behaviour: Behaviour, response: ServerResponse): Promise<void> {
    const { reply, takes = !reply, delayMillis, cut, silent } = behaviour;
    const text = takes ? this.read(call) : null;
    if (text) this.taken.push(text);
    const receipts = text?.callbackUrl ? this.receipts(text) : [];
    const early = behaviour.early ?? this.random() < (this.plan?.early ?? 0);
    if (early && receipts.length > 0) await this.callbacks.send(receipts.shift()!);
    if (delayMillis) await sleep(delayMillis, undefined, { ref: false });
    if (cut) response.socket?.destroy();
    else if (!silent) answer(response, reply ?? this.yes(text!));
    if (this.plan) this.callbacks.follow(receipts, this.plan, this.random);
  }
}

function answer(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  const json = typeof body !== 'string';
  response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/plain', ...headers });
  response.end(json ? JSON.stringify(body) : body);
}
