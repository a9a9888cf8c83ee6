import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, type Random } from '../../../android-agent-sim/random.js';
import { Api, type Answer } from '../../support/api.js';
import type { Target } from '../target.js';

const AT_ONCE = 6;
export const PAUSE_MILLIS = 30;

/** Some who do the same again and again, whatever becomes of the gateway meanwhile. */
export abstract class StepLoad {
  private working: Promise<void>[] = [];
  private resting = false;
  private ending = false;
  private isOver = false;
  /** Those who stand still, between two calls. */
  private parked = 0;
  readonly complaints: string[] = [];

  constructor(
    private readonly target: Target,
    private readonly headers: Record<string, string>,
  ) {}

  /** From its beginning to its end. */
  protected abstract act(random: Random): Promise<void>;

  begin(seed: number): void {
    this.working = Array.from({ length: AT_ONCE }, (_, i) => this.work(seededRandom(seed, i, 'load')));
  }
  /** Nobody calls until `go`. */
  async rest(): Promise<void> {
    this.resting = true;
    while (this.parked < AT_ONCE && !this.ending) await sleep(5);
  }
  go(): void {
    this.resting = false;
  }
  /** Whoever has begun goes on to their end. */
  async finish(): Promise<void> {
    this.ending = true;
    this.go();
    await Promise.all(this.working);
  }
  /** Whoever still waits for an answer gives up. */
  async stop(): Promise<void> {
    this.isOver = this.ending = true;
    await Promise.all(this.working);
  }

  private async work(random: Random): Promise<void> {
    try {
      while (!this.ending) await this.act(random);
    } catch (error) {
      if (!this.isOver) this.complaints.push(String(error));
    }
  }

  /** The same call until it has one of these answers. */
  protected async until(call: () => Promise<Answer | undefined>, ...statuses: number[]): Promise<Answer> {
    for (;;) {
      const answer = await call();
      if (answer && statuses.includes(answer.status)) return answer;
      if (answer && answer.status !== 503) this.complaints.push(`${answer.status} ${JSON.stringify(answer.body)}`);
      await sleep(PAUSE_MILLIS);
    }
  }

  /** Undefined: there was no answer. */
  protected async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer | undefined> {
    await this.turn();
    const { url } = this.target;
    if (!url) return undefined;
    return new Api(url, { ...this.headers, ...headers }).call(method, path, body).catch(() => undefined);
  }

  protected async turn(): Promise<void> {
    this.parked++;
    while ((this.resting || !this.target.url) && !this.isOver) await sleep(20);
    this.parked--;
    if (this.isOver) throw new Error('the chaos is over');
  }
}
