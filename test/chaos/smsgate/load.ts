import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../android-agent-sim/random.js';
import { messageId } from '../../../src/common/ids.js';
import type { SmsgateApp } from '../../fakes/smsgate-app/app.js';
import type { Answer } from '../../support/api.js';
import type { Ledger } from '../ledger.js';
import { PAUSE_MILLIS, StepLoad } from '../steps/step-load.js';
import type { Target } from '../target.js';
import type { AppFleet } from './phones.js';

export const GROUP = 'apps';
const STAYING = 3;
/** Longer than a lease. */
const LONGEST_HOLD_MILLIS = 2600;

/** Somebody who sends by phones with the app and takes some of it back, and what happens to such phones. */
export class SmsgateLoad extends StepLoad {
  /** By number, which no two texts share. */
  readonly accepted = new Set<string>();
  private readonly troubled = new Set<SmsgateApp>();
  private texts = 0;
  private codes = 0;

  constructor(
    target: Target,
    private readonly shop: { admin: Record<string, string>; templateId: string },
    private readonly fleet: AppFleet,
    private readonly ledger: Ledger,
  ) {
    super(target, shop.admin);
  }

  /** The phones that stay. */
  async open(): Promise<void> {
    while (this.fleet.staying.length < STAYING) this.fleet.staying.push(await this.join());
  }

  protected async act(random: Random): Promise<void> {
    const kind = random();
    if (kind < 0.65) await this.send(random);
    else if (kind < 0.9) await this.trouble(this.fleet.staying[Math.floor(random() * STAYING)]!, random);
    else await this.visit(random);
    await sleep(random() * 100);
  }

  private async send(random: Random): Promise<void> {
    const messages = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      const n = ++this.texts;
      return { to: `+8490${1_000_000 + n}`, variables: { CODE: String(n) } };
    });
    const key = { 'idempotency-key': `request-${this.texts}` };
    const body = { template_id: this.shop.templateId, route: `group:${GROUP}`, messages };
    const answer = await this.untilTaken(() => this.call('POST', '/requests', body, key));
    for (const { to } of messages) this.accepted.add(to);
    // Else they are those of a call without an answer.
    if (answer.body.total_skipped > 0 || random() < 0.6) return;
    await sleep(random() * 800);
    for (const i of messages.keys()) if (random() < 0.7) await this.cancel(messageId(answer.body.request_id, i));
  }

  private async untilTaken(call: () => Promise<Answer | undefined>): Promise<Answer> {
    for (;;) {
      const answer = await call();
      if (answer && answer.status < 300) return answer;
      if (answer && answer.status !== 503 && answer.body.code !== 'idempotency_in_flight')
        this.complaints.push(`POST /requests: ${answer.status} ${JSON.stringify(answer.body)}`);
      await sleep(PAUSE_MILLIS);
    }
  }

  private async cancel(id: string): Promise<void> {
    const answer = await this.until(() => this.call('POST', `/messages/${id}/cancel`), 200, 409);
    if (answer.status === 200 && answer.body.status === 'CANCELED') this.ledger.canceled.add(id);
  }

  /** One at a time for each phone. */
  private async trouble(app: SmsgateApp, random: Random): Promise<void> {
    if (this.troubled.has(app)) return;
    this.troubled.add(app);
    const kind = random();
    if (kind < 0.3) app.poll();
    else if (kind < 0.5) app.server.dropAnswers(1 + Math.floor(random() * 3));
    else if (kind < 0.65) app.stream?.cut();
    else if (kind < 0.85) await app.restart();
    else {
      app.holdRadio();
      await sleep(random() * LONGEST_HOLD_MILLIS);
      app.releaseRadio();
    }
    this.troubled.delete(app);
  }

  /** A phone that joins, takes its part and is thrown away. */
  private async visit(random: Random): Promise<void> {
    const app = await this.join();
    await sleep(300 + random() * 500);
    await this.fleet.leave(app);
  }

  /** Whoever gets no answer tries the same code again, and then has another one issued. */
  private async join(): Promise<SmsgateApp> {
    for (;;) {
      const issue = () =>
        this.call('POST', '/admin/agents/registration-codes', { group: GROUP, label: `code-${++this.codes}` });
      const app = this.fleet.newApp((await this.until(issue, 201)).body.code);
      for (let isRefused = false; !isRefused; await sleep(PAUSE_MILLIS)) {
        await this.turn();
        const error = await app.start().then(() => null, String);
        if (error === null) {
          this.fleet.all.push(app);
          return app;
        }
        isRefused = /Error: 4\d\d /.test(error);
      }
    }
  }
}
