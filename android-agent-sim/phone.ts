import { asError, RefusedError, retryAfterMs, StoppedError } from './errors.js';
import { type Handset, type Hooks, newHandset, deviceId, type Storage } from './handset.js';
import { appVersion, Heart } from './heartbeat.js';
import { Inbox } from './inbox.js';
import { Journal } from './journal.js';
import { Life } from './life.js';
import { longLived } from './long-lived.js';
import type { PhoneOptions } from './options.js';
import { TokenFile } from './token-file.js';

/** One phone: registers, works, crashes and restarts, until it is stopped or the server refuses it. */
export class Phone {
  readonly #stopping = longLived();
  readonly #abandoned = longLived();
  readonly #heart: Heart;
  #life: Life | undefined;
  #living: Promise<void> | undefined;
  /** The error with which it ended by itself, if it did. */
  failure: Error | undefined;

  private constructor(private readonly handset: Handset) {
    this.#heart = new Heart(handset);
  }

  static async create(options: PhoneOptions, index: number, hooks: Hooks = {}): Promise<Phone> {
    const device = deviceId(options, index);
    return new Phone(newHandset(options, index, await openStorage(device, options), hooks));
  }

  get device(): string {
    return this.handset.device;
  }

  get agentToken(): string | undefined {
    return this.handset.client.token;
  }

  /** Reports that the server hasn't received; after the end, it never will. */
  get waitingReports(): number {
    return this.#life?.waitingReports ?? 0;
  }

  /** Tells what the phone needs besides. @throws when it can't send at all. */
  async check(): Promise<void> {
    await this.handset.modem.check?.();
  }

  /** Registers; retries until the server answers. Throws RefusedError, or StoppedError on `signal`. */
  async register(signal: AbortSignal): Promise<void> {
    const { client, modem, newBackoff, options, timers } = this.handset;
    if (options.token !== undefined) {
      client.token = options.token;
      return;
    }
    if (await this.#hasToken(signal)) return;
    const backoff = newBackoff();
    const body = {
      device_id: this.device,
      label: modem.label,
      sims: (await modem.condition()).sims,
      app_version: appVersion(this.handset),
      ...(options.secret !== undefined && { registration_secret: options.secret }),
      ...(options.tenant !== undefined && { tenant: options.tenant }),
    };
    for (;;) {
      try {
        const { agent_token } = await client.register(body, signal);
        if (agent_token !== undefined) await this.handset.tokens?.write(agent_token);
        return;
      } catch (error) {
        if (error instanceof StoppedError || error instanceof RefusedError) throw error;
        this.handset.trouble(error);
        await timers.sleep(backoff.nextMs(retryAfterMs(error)), signal);
      }
    }
  }

  /** Whether the token of an earlier run is still good; a gateway that can't be reached now may say so later. */
  async #hasToken(signal: AbortSignal): Promise<boolean> {
    const { client, tokens } = this.handset;
    client.token = await tokens?.read();
    if (client.token === undefined) return false;
    try {
      await this.#heart.beat('online', signal);
    } catch (error) {
      if (error instanceof StoppedError) throw error;
      if (error instanceof RefusedError) client.token = undefined;
      else this.handset.trouble(error);
    }
    return client.token !== undefined;
  }

  /** Resolves when the phone has ended; never rejects. */
  run(): Promise<void> {
    this.#living ??= this.#live();
    return this.#living;
  }

  /** Stops the phone; waits up to `graceMs` until the radio has finished and the reports are received. */
  async stop(graceMs: number): Promise<void> {
    const { network, radio, timers } = this.handset;
    const timer = new AbortController();
    void timers.sleep(graceMs, timer.signal).then(() => this.#abandoned.abort());
    this.#stopping.abort();
    network.restore();
    await this.#life?.drain(this.#abandoned.signal);
    if (this.#living) await this.#living;
    else await this.#close();
    timer.abort();
    radio.switchOff();
  }

  async #live(): Promise<void> {
    const { emit, options, timers } = this.handset;
    // Lets the code that started the phone add its listeners first.
    await timers.sleep(0);
    emit('online');
    for (;;) {
      const life = new Life(this.handset, this.#heart);
      this.#life = life;
      const running = life.run();
      // The stop came while the app was down: start it once more only to report what is in the journal.
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
    await this.#close().catch((error: unknown) => this.#break(asError(error)));
  }

  async #close(): Promise<void> {
    await this.handset.journal.close();
    await this.handset.inbox?.close();
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

async function openStorage(device: string, { modem, journal: folder }: PhoneOptions): Promise<Storage> {
  const journal = await Journal.open(device, folder);
  if (modem === 'simulated' || folder === undefined) return { journal };
  return { journal, inbox: await Inbox.open(device, folder), tokens: new TokenFile(device, folder) };
}
