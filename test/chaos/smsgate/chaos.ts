import { seededRandom } from '../../../android-agent-sim/random.js';
import type { Store } from '../../../src/database/collection.js';
import { Api } from '../../support/api.js';
import { must } from '../../support/people.js';
import { checkMessage } from '../checks/messages.js';
import { smsgateWrong } from '../checks/smsgate-truth.js';
import { openShop } from '../shop.js';
import { SETTLE_MILLIS, StepChaos, type StepOptions, type StepResult } from '../steps/step-chaos.js';
import { SmsgateLoad } from './load.js';
import { AppFleet } from './phones.js';
import { passTime, readRows, unfinished } from './rows.js';

export interface SmsgateResult extends StepResult {
  accepted: number;
  sent: number;
  phones: number;
}

/** What phones are gone with is SENDING until it is given up. */
const WAITING = ['PENDING', 'ASSIGNED'];
/** In real life 15 minutes. */
const POLL_MILLIS = 2000;

/** Kills a gateway between the steps of texts that go out by phones with the SMSGate app, and looks after each death what became of them. */
export async function runSmsgateChaos(options: StepOptions): Promise<SmsgateResult> {
  const chaos = new SmsgateChaos(options);
  try {
    return await chaos.run();
  } finally {
    await chaos.end();
  }
}

class SmsgateChaos extends StepChaos {
  private readonly fleet = new AppFleet(this.target, seededRandom(this.options.seed, 0, 'radio'));
  private admin!: Record<string, string>;
  private load!: SmsgateLoad;

  async run(): Promise<SmsgateResult> {
    await this.start();
    const { admin, templateId } = await openShop(this.target.url!, this.ledger);
    this.admin = admin;
    const api = new Api(this.target.url!, admin);
    must(200, await api.put('/admin/settings', { app_rate_limit_per_min: 6000, app_hourly_cap_per_sim: 1_000_000 }));
    this.load = new SmsgateLoad(this.target, { admin, templateId }, this.fleet, this.ledger);
    await this.load.open();
    this.load.begin(this.options.seed);
    await this.killAll();
    const { sent, all } = this.fleet;
    return { ...this.result, accepted: this.load.accepted.size, sent: sent.length, phones: all.length };
  }

  override async end(): Promise<void> {
    this.target.url = undefined;
    await this.load?.stop();
    await this.fleet.stop();
    await super.end();
  }

  protected env(): Record<string, string> {
    return {};
  }

  protected passTime(store: Store): Promise<void> {
    return passTime(store, this.fleet);
  }

  protected finishLoad(): Promise<void> {
    return this.load.finish();
  }

  protected async settle(what: string): Promise<void> {
    await this.load.rest();
    await this.die();
    const deadline = performance.now() + SETTLE_MILLIS;
    let rows = await this.store.read(readRows);
    let undone: string[];
    do {
      await this.up();
      const polling = setInterval(() => this.fleet.poll(), POLL_MILLIS);
      await this.quiet(this.admin, this.fleet, WAITING);
      clearInterval(polling);
      undone = this.fleet.untold(this.target.url!);
      await this.die();
      rows = await this.store.read(readRows);
      undone.push(...unfinished(rows));
    } while (undone.length > 0 && performance.now() < deadline);
    this.wrong.push(
      ...undone,
      ...smsgateWrong(rows, this.fleet, this.load.accepted),
      ...rows.messages.flatMap((message) => checkMessage(message, this.ledger)),
      ...this.ledger.complaints,
      ...this.load.complaints,
    );
    const { all, sent } = this.fleet;
    this.options.log(
      `death ${this.deaths}: ${what}; ${this.load.accepted.size} texts accepted, ${sent.length} sent by ${all.length} phones: ` +
        (this.wrong.length === 0 ? 'all hold' : `${this.wrong.length} BROKEN`),
    );
    this.load.go();
  }
}
