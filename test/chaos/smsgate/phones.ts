import type { Random } from '../../../android-agent-sim/random.js';
import { SmsgateApp } from '../../fakes/smsgate-app/app.js';
import type { Outcome } from '../../fakes/smsgate-app/radio.js';
import type { Target } from '../target.js';

const FAILS = 0.1;
const IS_NEVER_CONFIRMED = 0.05;

/** Phones with the SMSGate app. They call the gateway of the moment. */
export class AppFleet {
  /** Those that stay to the end. */
  readonly staying: SmsgateApp[] = [];
  /** All that ever registered. */
  readonly all: SmsgateApp[] = [];
  /** Ids of those whose owners have thrown them away, with whatever they still had to do or to tell. */
  readonly gone = new Set<string>();
  private made = 0;

  constructor(
    private readonly target: Target,
    private readonly random: Random,
  ) {}

  /** It isn't registered yet. */
  newApp(code: string): SmsgateApp {
    return new SmsgateApp({
      url: () => this.target.url,
      ticket: { code },
      seed: ++this.made,
      latency: [5, 40],
      outcome: () => this.outcome(),
    });
  }

  /** What those that stay still have to do and to tell. */
  get waitingReports(): number {
    return this.staying.reduce((sum, app) => sum + app.left, 0);
  }
  get sent() {
    return this.all.flatMap((app) => app.sentTexts.map((text) => ({ ...text, phone: app.id })));
  }

  async leave(app: SmsgateApp): Promise<void> {
    this.gone.add(app.id);
    await app.stop();
  }

  poll(): void {
    for (const app of this.staying) app.poll();
  }

  /** They are to be told them anew. */
  forgetSettings(): void {
    for (const { memory } of this.staying) memory.settings = null;
  }

  /** What the gateway at `url` has not told those that stay. */
  untold(url: string): string[] {
    return this.staying.flatMap(({ id, memory: { settings, webhooks } }) => [
      ...(settings?.webhooks.signing_key ? [] : [`${id} was not told its settings`]),
      ...(webhooks.length > 0 && webhooks.every((hook) => hook.url.startsWith(url))
        ? []
        : [`${id} was not told where to post what it receives`]),
    ]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((app) => app.stop()));
  }

  private outcome(): Outcome {
    const drawn = this.random();
    if (drawn < FAILS) return { error: 'RESULT_ERROR_GENERIC_FAILURE' };
    return drawn < FAILS + IS_NEVER_CONFIRMED ? 'Sent' : 'Delivered';
  }
}
