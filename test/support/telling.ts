import { expect } from '@jest/globals';
import type { SendOutcome } from '../../src/carriers/carrier.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import { DispatchersWorker } from '../../src/dispatch/dispatchers.worker.js';
import type { Way } from '../../src/domain/preference.js';
import type { MessageDoc } from '../../src/messages/message.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import type { RecipientDoc } from '../../src/notifications/notification.js';
import { Notifications, type NewNotification } from '../../src/notifications/notifications.js';
import { SettlingWorker } from '../../src/notifications/settling.worker.js';
import { People } from '../../src/people/people.js';
import type { PersonDoc } from '../../src/people/person.js';
import type { PushTokenDoc } from '../../src/people/push-token.js';
import type { TestGateway } from './gateway.js';
import { ScriptedAccounts, type ScriptedCarrier } from './scripted-carrier.js';
import { waitFor } from './wait-for.js';

export const REFUSED: SendOutcome = { kind: 'refused', fault: 'recipient', code: '550', reason: 'Nobody is there.' };

let people = 0;

/** A tenant that tells people something by e-mail, SMS and push; the test decides what the carriers say. */
export class Telling {
  readonly accounts: ScriptedAccounts;
  readonly carriers: Record<Way, ScriptedCarrier>;

  constructor(
    readonly gateway: TestGateway,
    readonly tenant: TenantId,
  ) {
    this.accounts = new ScriptedAccounts(gateway);
    const add = (way: Way) => this.accounts.add(tenant, `by-${way}`, {}, [way]);
    this.carriers = { email: add('email'), sms: add('sms'), push: add('push') };
    this.carriers.email.always = { kind: 'accepted', ref: null, receipts: false };
    this.carriers.push.always = { kind: 'accepted', ref: null, receipts: false };
  }

  /** Nothing sends by this way any more. */
  takeAway(way: Way): void {
    const at = this.accounts.accounts.findIndex(({ name }) => name === `by-${way}`);
    if (at >= 0) this.accounts.accounts.splice(at, 1);
  }

  /** What sends by this way takes nothing: its messages wait. */
  hold(way: Way): void {
    const until = new Date(this.gateway.clock.now().getTime() + 86_400_000);
    this.accounts.add(this.tenant, `held-${way}`, { hold: { until, code: 'held', reason: 'The test says so.' } }, [
      way,
    ]);
  }

  /** The person of a user. */
  async personOf(userId: string, known: Partial<PersonDoc>): Promise<PersonDoc> {
    const person = await this.gateway.get(People).ofUser(this.tenant, userId);
    await this.gateway.store.collection<PersonDoc>('people').updateOne({ _id: person._id }, { $set: known });
    return { ...person, ...known };
  }

  async person(known: Partial<PersonDoc> = {}, tokens: readonly string[] = []): Promise<PersonDoc> {
    const n = ++people;
    const email = `person-${n}@example.com`;
    const person = await this.gateway
      .get(People)
      .ofUser(this.tenant, `usr_told_${n}`, { email, phone: `+8490${2_000_000 + n}` });
    const rows = await this.gateway.get(People).registered(
      this.tenant,
      tokens.map((value) => ({ kind: 'token' as const, value })),
    );
    const store = this.gateway.store;
    for (const { _id } of rows)
      await store.collection<PushTokenDoc>('push_tokens').updateOne({ _id }, { $set: { person_id: person._id } });
    await store.collection<PersonDoc>('people').updateOne({ _id: person._id }, { $set: known });
    return { ...person, ...known };
  }

  async tell(order: Partial<NewNotification>) {
    const base = { clientId: 'usr_1', title: null, text: 'Xin chào', audience: [] };
    return (await this.gateway.get(Notifications).tell(this.tenant, { ...base, ...order })).notification;
  }

  recipients(notification_id: string): Promise<RecipientDoc[]> {
    return this.gateway.store.collection<RecipientDoc>('notification_recipients').find({ notification_id });
  }

  messages(ids: readonly string[]): Promise<MessageDoc[]> {
    return this.gateway.store.collection<MessageDoc>('sms_messages').find({ _id: { $in: ids } });
  }

  /** Lets everything happen that is due now. */
  async turn(): Promise<void> {
    await this.gateway.get(QueueWorker).run();
    await this.gateway.get(DispatchersWorker).run();
    await this.gateway.get(SettlingWorker).run();
  }

  async pass(seconds: number): Promise<void> {
    this.gateway.clock.advance(seconds);
    await this.turn();
  }

  /** The only recipient of a notification, once it is so. */
  becomes(notificationId: string, expected: object): Promise<RecipientDoc> {
    return waitFor(
      async () => {
        await this.turn();
        const [recipient] = await this.recipients(notificationId);
        expect(recipient).toMatchObject(expected);
        return recipient!;
      },
      { timeout: 10_000, interval: 20 },
    );
  }

  /** How many were handed to the carrier of a way with this text. */
  told(way: Way, text: string): number {
    return this.carriers[way].sent.filter((one) => one.text.includes(text)).length;
  }
}
