import type { Store } from '../../../src/database/collection.js';
import { notificationsWrong } from '../checks/notification-truth.js';
import { checkMessage } from '../checks/messages.js';
import { PhoneProxy } from '../phone-proxy.js';
import { SETTLE_MILLIS, StepChaos, type StepOptions, type StepResult } from '../steps/step-chaos.js';
import { NotifyingLoad } from './load.js';
import { Orders } from './orders.js';
import { passTime, readRows, unfinished } from './rows.js';
import { openNotifyingShop, Outside, type NotifyingShop } from './shop.js';

export interface NotificationResult extends StepResult {
  told: number;
  handed: number;
}

/** Carriers may have SENDING ones of which nobody will ever know. */
const WAITING = ['PENDING', 'ASSIGNED'];

/** Kills a gateway between the steps of notifications by phones, e-mail and push, and looks after each death what became of them. */
export async function runNotificationChaos(options: StepOptions): Promise<NotificationResult> {
  const chaos = new NotificationChaos(options);
  try {
    return await chaos.run();
  } finally {
    await chaos.end();
  }
}

class NotificationChaos extends StepChaos {
  private readonly orders = new Orders();
  private readonly outside = new Outside(this.orders);
  private phones!: PhoneProxy;
  private shop!: NotifyingShop;
  private load!: NotifyingLoad;

  async run(): Promise<NotificationResult> {
    const { seed } = this.options;
    await this.outside.start(seed);
    this.phones = await PhoneProxy.start(this.target, this.ledger);
    await this.start();
    this.shop = await openNotifyingShop(this.target.url!, this.phones.url, this.outside, seed);
    this.shop.fleet.events.on('sending', ({ messageId, to, text, at }) => {
      this.orders.note({ way: 'sms', to: to!, text: text!, at });
      this.ledger.sendings.set(messageId!, (this.ledger.sendings.get(messageId!) ?? 0) + 1);
    });
    this.load = new NotifyingLoad(this.target, this.shop, this.outside, this.orders);
    this.load.begin(seed);
    await this.killAll();
    const told = this.orders.all.filter(({ id }) => id).length;
    return { ...this.result, told, handed: this.orders.handedCount };
  }

  override async end(): Promise<void> {
    this.target.url = undefined;
    await this.load?.stop();
    await this.shop?.fleet.stop({ graceMs: 0 });
    await this.phones?.stop();
    await super.end();
    await this.outside.stop();
  }

  protected env(): Record<string, string> {
    return { FIREBASE_BASE_URL: this.outside.fcm.url, PUBLIC_URL: 'http://127.0.0.1:9' };
  }

  protected passTime(store: Store): Promise<void> {
    return passTime(store);
  }

  protected finishLoad(): Promise<void> {
    return this.load.finish();
  }

  protected async settle(what: string): Promise<void> {
    await this.load.rest();
    await this.die();
    const deadline = performance.now() + SETTLE_MILLIS;
    let rows = await this.store.read(readRows);
    do {
      await this.up();
      await this.quiet(this.shop.admin, this.shop.fleet, WAITING);
      await this.die();
      rows = await this.store.read(readRows);
    } while (unfinished(rows).length > 0 && performance.now() < deadline);
    this.outside.look();
    this.wrong.push(
      ...unfinished(rows),
      ...notificationsWrong(rows, this.orders, this.shop),
      ...rows.messages
        .filter(({ channel }) => channel === 'sms')
        .flatMap((message) => checkMessage(message, this.ledger)),
      ...[...this.ledger.sendings].filter(([, n]) => n > 1).map(([id, n]) => `${id} went out ${n} times`),
      ...this.ledger.complaints,
      ...this.load.complaints,
    );
    this.options.log(
      `death ${this.deaths}: ${what}; ${rows.notifications.length} notifications to ${rows.recipients.length} recipients, ` +
        `${this.orders.handedCount} texts handed over: ${this.wrong.length === 0 ? 'all hold' : `${this.wrong.length} BROKEN`}`,
    );
    this.load.go();
  }
}
