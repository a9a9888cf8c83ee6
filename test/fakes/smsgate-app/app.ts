import { seededRandom } from '../seeded-random.js';
import { EventConnection, type ServerEvent } from './event-connection.js';
import { Exchange } from './exchange.js';
import { Inbox } from './inbox.js';
import { Life } from './life.js';
import { PhoneMemory, type StoredMessage } from './phone-memory.js';
import { Radio, type Outcome } from './radio.js';
import { Registration, type SimCard, type Ticket } from './registration.js';
import { Server } from './server.js';

export interface AppOptions {
  /** Where the gateway is; undefined while there is no network. */
  url: () => string | undefined;
  /** By what it registers; undefined: by nothing. */
  ticket?: Ticket;
  sims?: readonly SimCard[];
  /** It has Google's services, so it opens a stream only when its settings say so at its start. */
  pushToken?: string;
  now?: () => Date;
  seed?: number;
  /** Milliseconds of the radio for each step of a text. */
  latency?: readonly [least: number, most: number];
  outcome?: (message: StoredMessage) => Outcome;
  /** Milliseconds before whatever failed is tried again. */
  retryMillis?: number;
  order?: 'lifo' | 'fifo';
}

/**
 * The SMSGate app of a phone, as it behaves: what it was given under one id it sends once, and tells its state again; without events it
 * looks for nothing by itself (the real one does every 15 minutes: `poll`).
 */
export class SmsgateApp {
  readonly memory = new PhoneMemory();
  readonly server: Server;
  /** All that its streams have told. */
  readonly events: ServerEvent[] = [];
  stream: EventConnection | undefined;
  private readonly exchange: Exchange;
  private readonly radio: Radio;
  private readonly inbox: Inbox;
  private readonly registration: Registration;
  private readonly retryMillis: number;
  private life = new Life();

  constructor(private readonly options: AppOptions) {
    const { url, seed = 1, order = 'lifo', retryMillis = 20, now = () => new Date() } = options;
    const { outcome: outcomeOf = () => 'Delivered', latency: [least, most] = [0, 2] } = options;
    const { memory } = this;
    const random = seededRandom(seed);
    this.retryMillis = retryMillis;
    this.server = new Server(url, 'me.capcom.smsgateway/1.60.0');
    this.registration = new Registration(memory, this.server, options);
    this.exchange = new Exchange(memory, this.server, () => this.radio, order, random, retryMillis);
    const changed = (id: string): void => this.exchange.reports.add({ id }, this.life);
    this.radio = new Radio({ memory, changed, now, outcomeOf, millis: () => least + random() * (most - least) });
    this.inbox = new Inbox(memory, this.server, now, random, retryMillis);
  }

  static async start(options: AppOptions): Promise<SmsgateApp> {
    const app = new SmsgateApp(options);
    await app.start();
    return app;
  }

  get id(): string {
    return this.memory.device!.id;
  }
  /** All that ever left the phone. */
  get sentTexts() {
    return this.radio.sentTexts;
  }
  get pullsLost(): number {
    return this.exchange.pullsLost;
  }
  /** How much it has to do, and to tell. */
  get left(): number {
    const pending = [...this.memory.messages.values()].filter(({ state }) => state === 'Pending');
    return pending.length + this.exchange.left + this.inbox.left;
  }

  /** @throws when it has to register and can't. */
  async start(): Promise<void> {
    const life = (this.life = new Life());
    const hasStream = !this.options.pushToken || this.memory.settings?.gateway.notification_channel === 'SSE_ONLY';
    if (!this.memory.device) await this.registration.register(life.signal);
    else life.begin(() => life.untilDone(() => this.registration.update(life.signal), this.retryMillis));
    this.exchange.reports.wake(life);
    this.inbox.wake(life);
    this.radio.wake(life);
    if (hasStream) life.begin(() => this.listen(life));
  }

  /** As Android ends a process: what it does ends, what it has stored stays. */
  async stop(): Promise<void> {
    this.stream?.cut();
    await this.life.end();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** What it does every 15 minutes. */
  poll(): void {
    this.exchange.pull(this.life);
  }

  /** What it does once a day. */
  fetchAll(): void {
    this.fetch('settings');
    this.fetch('webhooks');
  }

  holdRadio(): void {
    this.radio.hold();
  }
  releaseRadio(): void {
    this.radio.release(this.life);
  }

  /** A text that comes in for one of its SIMs. */
  receive(from: string, text: string, simNumber: number | null = null): void {
    this.inbox.receive(from, text, simNumber, this.life);
  }
  ping(batteryPercent: number): void {
    this.inbox.ping(batteryPercent, this.life);
  }

  private async listen(life: Life): Promise<void> {
    while (!life.isOver) {
      try {
        const headers = { authorization: this.memory.authorization, 'user-agent': this.server.userAgent };
        this.stream = new EventConnection(this.server.address('/events'), headers, (event) => this.heard(event));
        await this.stream.closed;
      } catch {
        // No network.
      }
      await life.pause(this.retryMillis);
    }
  }

  private heard(event: ServerEvent): void {
    if (this.life.isOver) return;
    this.events.push(event);
    if (event.type === 'MessageEnqueued') this.poll();
    if (event.type === 'SettingsUpdated') this.fetch('settings');
    if (event.type === 'WebhooksUpdated') this.fetch('webhooks');
    if (event.type === 'MessageCancelled') this.radio.cancel((event.data as { messageId: string }).messageId);
  }

  private fetch(what: 'settings' | 'webhooks'): void {
    const { life, memory } = this;
    const attempt = async (): Promise<boolean> => {
      const { authorization } = memory;
      const { status, body } = await this.server.call('GET', `/${what}`, { authorization, signal: life.signal });
      if (status === 200) memory[what] = body;
      return status === 200;
    };
    life.begin(() => life.untilDone(attempt, this.retryMillis));
  }
}
