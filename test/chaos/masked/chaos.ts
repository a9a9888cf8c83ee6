import { Api } from '../../support/api.js';
import { must } from '../../support/people.js';
import { maskedWrong } from '../checks/masked-truth.js';
import { poolWrong, type PoolAnswer } from '../checks/pool-truth.js';
import { checkMessage } from '../checks/messages.js';
import type { Store } from '../../../src/database/collection.js';
import type { SessionDoc } from '../../../src/proxy/session.js';
import { PhoneProxy } from '../phone-proxy.js';
import { SETTLE_MILLIS, StepChaos, type StepOptions, type StepResult } from '../steps/step-chaos.js';
import { Conversations } from './conversations.js';
import { MaskedLoad } from './load.js';
import { openMaskedShop, WORDS, type MaskedShop } from './pool.js';
import { passTime, readRows, unfinished, type Rows } from './rows.js';

export interface MaskedResult extends StepResult {
  opened: number;
  texts: number;
}

const WAITING = ['PENDING', 'ASSIGNED', 'SENDING'];

/** Kills a gateway between the steps of masked conversations through phones, and looks after each death what became of them. */
export async function runMaskedChaos(options: StepOptions): Promise<MaskedResult> {
  const chaos = new MaskedChaos(options);
  try {
    return await chaos.run();
  } finally {
    await chaos.end();
  }
}

class MaskedChaos extends StepChaos {
  private readonly conversations = new Conversations();
  private phones!: PhoneProxy;
  private shop!: MaskedShop;
  private load!: MaskedLoad;

  async run(): Promise<MaskedResult> {
    this.phones = await PhoneProxy.start(this.target, this.ledger);
    await this.start();
    this.shop = await openMaskedShop(this.target.url!, this.phones.url, this.options.seed);
    this.shop.fleet.events.on('sending', ({ messageId, to, text }) => {
      this.conversations.sent.push({ to: to!, text: text! });
      this.ledger.sendings.set(messageId!, (this.ledger.sendings.get(messageId!) ?? 0) + 1);
    });
    this.load = new MaskedLoad(this.target, this.shop, this.conversations);
    this.load.begin(this.options.seed);
    await this.killAll();
    const opened = this.conversations.all.filter(({ id }) => id).length;
    return { ...this.result, opened, texts: this.conversations.sent.length };
  }

  override async end(): Promise<void> {
    this.target.url = undefined;
    await this.load?.stop();
    await this.shop?.fleet.stop({ graceMs: 0 });
    await this.phones?.stop();
    await super.end();
  }

  protected env(): Record<string, string> {
    return WORDS;
  }

  protected passTime(store: Store): Promise<void> {
    return passTime(store, this.conversations);
  }

  /** Then every number is free. */
  protected finishLoad(): Promise<void> {
    return this.load.finish();
  }

  protected async settle(what: string, endsAll = false): Promise<void> {
    await this.load.rest();
    const deadline = performance.now() + SETTLE_MILLIS;
    const isDone = (seen: Rows, answer?: PoolAnswer) => isAtRest(seen) && (!endsAll || answer !== undefined);
    const isAtRest = (seen: Rows) => unfinished(seen).length === 0 && this.toEnd(seen, endsAll).length === 0;
    let rows = await this.store.read(readRows);
    let pool: PoolAnswer | undefined;
    do {
      const wasAtRest = isAtRest(rows);
      await this.up();
      await this.endUnknown(rows, endsAll);
      await this.quiet(this.shop.admin, this.shop.fleet, WAITING);
      pool = wasAtRest ? must(200, await this.api().get('/tn')) : undefined;
      await this.die();
      rows = await this.store.read(readRows);
    } while (!isDone(rows, pool) && performance.now() < deadline);
    this.wrong.push(
      ...unfinished(rows),
      ...maskedWrong(rows, this.conversations),
      ...(pool ? poolWrong(rows, pool, endsAll) : []),
      ...rows.messages.flatMap((message) => checkMessage(message, this.ledger)),
      ...[...this.ledger.sendings].filter(([, n]) => n > 1).map(([id, n]) => `${id} went out ${n} times`),
      ...this.ledger.complaints,
      ...this.load.complaints,
    );
    const { all, sent } = this.conversations;
    const open = rows.sessions.filter(({ state }) => state === 'open').length;
    this.options.log(
      `death ${this.deaths}: ${what}; ${all.length} conversations begun, ${rows.sessions.length} sessions, ${open} open, ` +
        `${sent.length} texts sent: ${this.wrong.length === 0 ? 'all hold' : `${this.wrong.length} BROKEN`}`,
    );
    this.load.go();
  }

  /** Sessions whose opening was never answered are found in the list by whoever asked for them, and ended. */
  private async endUnknown(rows: Rows, endsAll: boolean): Promise<void> {
    for (const { _id: id, participants } of this.toEnd(rows, endsAll)) {
      const conversation = this.conversations.with(participants[0]!.address)!;
      if ((conversation.id ??= id) !== id) this.wrong.push(`${conversation.id} and ${id} are of the same people`);
      this.conversations.isEnding(conversation);
      const isPair = conversation.kind === 'pair';
      const answer = await (isPair
        ? this.api().delete('/session', { session_id: id })
        : this.api().delete(`/sessions/CH${id}`));
      // It has ended by itself since it was read.
      if (answer.status === 404 && conversation.end.startsWith('expire')) continue;
      must(200, answer);
      conversation.end = 'told';
    }
  }

  private toEnd({ sessions }: Rows, endsAll: boolean): SessionDoc[] {
    return sessions.filter(({ state, opening_until, participants }) => {
      const conversation = this.conversations.with(participants[0]!.address);
      return state === 'open' && !opening_until && conversation && (endsAll || !conversation.id);
    });
  }

  private api(): Api {
    return new Api(this.target.url!, this.shop.admin);
  }
}
