import { asError, RefusedError, retryAfterMs, StoppedError } from './errors.js';
import { type Handset, type Hooks, newHandset, deviceId } from './handset.js';
import { APP_VERSION, Heart } from './heartbeat.js';
import { Journal } from './journal.js';
import { Life } from './life.js';
import { longLived } from './long-lived.js';
import type { PhoneOptions } from './options.js';

/** One phone: registers, lives, crashes and comes back, until it is stopped or no longer wanted by the server. */
export class Phone {
  readonly #stopping = longLived();
  readonly #abandoned = longLived();
  readonly #heart: Heart;
  #life: Life | undefined;
  #living: Promise<void> | undefined;
  /** Why it ended by itself, if it did. */
  failure: Error | undefined;

  private constructor(
    private readonly handset: Handset,
    private readonly index: number,
  ) {
    this.#heart = new Heart(handset);
  }

  static async create(options: PhoneOptions, index: number, hooks: Hooks = {}): Promise<Phone> {
    const journal = await Journal.open(deviceId(options, index), options.journal);
    return new Phone(newHandset(options, index, journal, hooks), index);
  }

  get device(): string {
    return this.handset.device;
  }

  get agentToken(): string | undefined {
    return this.handset.client.token;
  }

  /** Reports the server hasn't taken; after the end, those that it never will have. */
  get waitingReports(): number {
    return this.#life?.waitingReports ?? 0;
  }

  /** Registers, trying until the server answers. Throws RefusedError, or StoppedError on `signal`. */
  async register(signal: AbortSignal): Promise<void> {
    const { client, newBackoff, options, sims, timers } = this.handset;
    if (options.token !== undefined) {
      client.token = options.token;
      return;
    }
    const backoff = newBackoff();
    const body = {
      device_id: this.device,
      label: `Simulated phone ${this.index + 1}`,
      sims,
      app_version: APP_VERSION,
      ...(options.secret !== undefined && { registration_secret: options.secret }),
      ...(options.tenant !== undefined && { tenant: options.tenant }),
    };
    for (;;) {
      try {
        await client.register(body, signal);
        return;
      } catch (error) {
        if (error instanceof StoppedError || error instanceof RefusedError) throw error;
        this.handset.trouble(error);
        await timers.sleep(backoff.nextMs(retryAfterMs(error)), signal);
      }
    }
  }

  /** Resolves when the phone has ended; never rejects. */
  run(): Promise<void> {
    this.#living ??= this.#live();
    return this.#living;
  }

  /** Ends it: up to `graceMs` for the radio to finish and for the reports to be taken. */
  async stop(graceMs: number): Promise<void> {
    const { network, radio, timers } = this.handset;
    const timer = new AbortController();
    void timers.sleep(graceMs, timer.signal).then(() => this.#abandoned.abort());
    this.#stopping.abort();
    network.restore();
    await this.#life?.drain(this.#abandoned.signal);
    if (this.#living) await this.#living;
    else await this.handset.journal.close();
    timer.abort();
    radio.switchOff();
  }

  async #live(): Promise<void> {
    const { emit, journal, options, timers } = this.handset;
    // Whoever started us gets to listen first.
    await timers.sleep(0);
    emit('online');
    for (;;) {
      const life = new Life(this.handset, this.#heart);
      this.#life = life;
      const running = life.run();
      // A stop that came while the app was away: back just to tell what the journal has.
      if (this.#stopping.signal.aborted) await life.drain(this.#abandoned.signal);
      const end = await running;
      if (end.why === 'broken') this.#break(end.error);
      if (end.why !== 'crashed') break;
      emit('crashed', { detail: `away for ${options.crashSeconds} s` });
      await timers.sleep(options.crashSeconds * 1000, this.#stopping.signal);
      emit('restarted');
    }
    if (!this.failure) await this.#sayGoodbye();
    emit('offline', { detail: 'stopped' });
    await journal.close().catch((error: unknown) => this.#break(asError(error)));
  }

  #break(error: Error): void {
    this.failure = error;
    this.handset.trouble(error);
  }

  async #sayGoodbye(): Promise<void> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), 2000);
    // The server marks a silent phone offline by itself, so this may fail.
    await this.#heart.beat('offline', patience.signal).catch(() => undefined);
    clearTimeout(timer);
  }
}
