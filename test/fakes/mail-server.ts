import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

/** Where a conversation goes wrong. `data`: at the command; `content`: at the mail's first bytes; `end`: after its last. */
export type MailPlace = 'greeting' | 'login' | 'mail' | 'recipient' | 'data' | 'content' | 'end';

/** What the server does in one conversation. */
export interface MailBehaviour {
  at: MailPlace;
  /** The answer instead of a yes, such as `550 5.1.1 Nobody`; without one the connection is cut, unless it is `silent`. */
  answer?: string;
  silent?: true;
}

export interface TakenMail {
  from: string;
  to: string[];
  /** Headers and body as they came. */
  source: string;
  at: Date;
}

type Done = (error?: Error | null) => void;

/** A mail server on loopback, without TLS. A behaviour is for the next conversation that comes to its place. */
export class MailServer {
  readonly user = 'shop@example.com';
  readonly password = 'p@ss/wörd of the shop';
  readonly taken: TakenMail[] = [];
  /** Mails that were announced by MAIL FROM, conversations and logins that were begun. */
  announced = 0;
  conversations = 0;
  logins = 0;
  private readonly script: MailBehaviour[] = [];
  private readonly server: SMTPServer;

  constructor(options: SMTPServerOptions = {}) {
    this.server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      authOptional: true,
      disableReverseLookup: true,
      onConnect: (session, done) => {
        this.conversations++;
        this.act('greeting', session, done);
      },
      onAuth: ({ username, password }, session, done) => {
        this.logins++;
        const isKnown = username === this.user && password === this.password;
        const failed = reply('535 5.7.8 Authentication credentials invalid');
        this.act('login', session, (error) => (error || !isKnown ? done(error ?? failed) : done(null, { user: 1 })));
      },
      onMailFrom: (_, session, done) => {
        this.announced++;
        this.act('mail', session, done);
      },
      onRcptTo: (_, session, done) => this.act('recipient', session, done),
      onData: (stream, session, done) => {
        const take = async (): Promise<void> => {
          const source = await readText(stream);
          const { mailFrom, rcptTo } = session.envelope;
          const mail = {
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            source,
            at: new Date(),
          };
          this.act('end', session, done, () => this.taken.push(mail));
        };
        if (this.nextIs('data')) this.act('data', session, done);
        else if (this.nextIs('content')) stream.once('data', () => this.act('content', session, done));
        // Whoever hangs up in the middle has sent no mail.
        else take().catch(() => undefined);
      },
      ...options,
    });
    this.server.on('error', () => undefined);
  }

  async start(): Promise<this> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }
  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }
  url(password = this.password, scheme = 'smtp'): string {
    return `${scheme}://${encodeURIComponent(this.user)}:${encodeURIComponent(password)}@127.0.0.1:${this.port}`;
  }
  async stop(): Promise<void> {
    this.hangUp();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Connections that are open. */
  get open(): number {
    return this.server.connections.size;
  }
  /** Behaviours that nobody has come to yet. */
  get waiting(): number {
    return this.script.length;
  }
  hangUp(): void {
    for (const { id } of this.server.connections) this.cut(id);
  }

  next(...behaviours: MailBehaviour[]): void {
    this.script.push(...behaviours);
  }

  /** What a behaviour asks for is done once. Mails that are cut or not answered at their end were taken all the same. */
  private act(at: MailPlace, { id }: Pick<SMTPServerSession, 'id'>, done: Done, take?: () => void): void {
    const behaviour = this.nextIs(at) ? this.script.shift() : undefined;
    if (!behaviour?.answer) take?.();
    if (behaviour?.silent) return;
    if (!behaviour) return done();
    if (behaviour.answer) return done(reply(behaviour.answer));
    this.cut(id);
  }

  private nextIs(at: MailPlace): boolean {
    return this.script[0]?.at === at;
  }

  private cut(session: string): void {
    for (const { id, _socket: socket } of this.server.connections) if (id === session) socket.destroy();
  }
}

function reply(answer: string): Error {
  return Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) });
}
