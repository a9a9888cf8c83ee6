import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../android-agent-sim/random.js';
import type { Way } from '../../../src/domain/preference.js';
import { PAUSE_MILLIS, StepLoad } from '../steps/step-load.js';
import type { Target } from '../target.js';
import type { Expected, Order, Orders } from './orders.js';
import { TOPIC, type NotifyingShop, type Outside } from './shop.js';

const BAD = 0.2;
const WAYS: readonly Way[] = ['email', 'sms', 'push'];
/** The gateway allows no shorter time; `passTime` makes it one. */
const ESCALATE_SECONDS = 10;
const LONGEST_WAIT_MILLIS = 1500;

/** Somebody who has people told things, takes some of it back, and the people, of whom some confirm it. */
export class NotifyingLoad extends StepLoad {
  constructor(
    target: Target,
    shop: NotifyingShop,
    private readonly outside: Outside,
    private readonly orders: Orders,
  ) {
    super(target, shop.admin);
  }

  protected async act(random: Random): Promise<void> {
    const kind = random();
    // A cut after a mail was taken whole: nobody can know.
    if (random() < 0.02) this.outside.mails.next({ at: 'end' });
    if (kind < 0.45) return this.tellAddresses(random, false);
    if (kind < 0.47) return this.tellAddresses(random, true);
    if (kind < 0.7) return this.tellBrokenAddress(random);
    return this.tellAndConfirm(random);
  }

  /** Each by one way, now or soon; what is to come is sometimes taken back. */
  private async tellAddresses(random: Random, toTopic: boolean): Promise<void> {
    const isLater = random() < 0.4;
    const sendAt = isLater ? Date.now() + Math.floor(random() * LONGEST_WAIT_MILLIS) : null;
    const legs = WAYS.map((way) => this.address(way, random() < BAD));
    const expected = legs.map((leg) => ({ legs: [leg] }));
    const order = this.orders.begin({ expected, toTopic, sendAt, confirm: 'unasked' });
    const to = legs.map(({ way, to }) => ({ [FIELDS[way]]: to.replace('token:', '') }));
    const send_at = sendAt === null ? {} : { send_at: new Date(sendAt).toISOString() };
    await this.tell(order, { to: [...to, ...(toTopic ? [{ topic: TOPIC }] : [])], ...send_at });
    if (random() < (isLater ? 0.5 : 0.1)) await this.cancel(order);
    await sleep(random() * 100);
  }

  /** A person at whose e-mail address there is nobody: the text goes on by SMS. */
  private async tellBrokenAddress(random: Random): Promise<void> {
    const legs = [this.address('email', true), this.address('sms', false)];
    await this.tell(
      this.orders.begin({ ...(await this.person(legs)), toTopic: false, sendAt: null, confirm: 'unasked' }),
      {
        to: [{ person_id: this.personId(legs) }],
        channels: ['email', 'sms'],
      },
    );
    await sleep(random() * 100);
  }

  /** A person who confirms it, or doesn't: then the text goes on by SMS. */
  private async tellAndConfirm(random: Random): Promise<void> {
    const legs = [this.address('email', false), this.address('sms', false)];
    const confirm = random() < 0.5 ? ('later' as const) : ('never' as const);
    const order = this.orders.begin({ ...(await this.person(legs)), toTopic: false, sendAt: null, confirm });
    const more = { channels: ['email', 'sms'], confirm: true, escalate_after_seconds: ESCALATE_SECONDS };
    await this.tell(order, { to: [{ person_id: this.personId(legs) }], ...more });
    if (confirm === 'later') await this.confirm(order);
  }

  private address(way: Way, isBad: boolean) {
    const address = this.orders.address(way, isBad);
    if (way === 'push' && isBad) this.outside.fcm.gone.add(address.to.replace('token:', ''));
    return address;
  }

  private readonly ids = new Map<string, string>();
  private personId(legs: Expected['legs']): string {
    return this.ids.get(legs[0]!.to)!;
  }
  /** A new person with these addresses; of a call without an answer there may be one more, whom nobody tells anything. */
  private async person(legs: Expected['legs']): Promise<{ expected: Expected[] }> {
    const [{ to: email }, { to: phone }] = legs as [Expected['legs'][0], Expected['legs'][0]];
    const { body } = await this.until(() => this.call('POST', '/people', { email, phone }), 201);
    this.ids.set(email, body.id);
    return { expected: [{ legs }] };
  }

  private async tell(order: Order, body: object): Promise<void> {
    const { code } = order;
    const whole = { text: `Hello, ${code}`, client_reference: code, ...body };
    const call = () => this.call('POST', '/notifications', whole, { 'idempotency-key': code });
    order.id = (await this.until(call, 201)).body.notification_id;
  }

  private async cancel(order: Order): Promise<void> {
    order.cancel = 'asked';
    const answer = await this.until(() => this.call('POST', `/notifications/${order.id}/cancel`), 200, 409);
    order.cancel = answer.status === 200 ? 'told' : order.cancel;
  }

  /** By the link in whichever of the texts comes first. */
  private async confirm(order: Order): Promise<void> {
    const legs = order.expected[0]!.legs;
    for (let looks = 0; looks < 300; looks++) {
      await this.turn();
      this.outside.look();
      const [got] = legs.flatMap(({ way, to }) => this.orders.handedTo(way, to, order.code));
      const [, token] = /\/confirm\/(\S+)/.exec(got?.text ?? '') ?? [];
      if (token) {
        order.confirm = 'asked';
        await this.until(() => this.call('POST', `/confirm/${token}`, {}), 200);
        order.confirm = 'told';
        return;
      }
      await sleep(PAUSE_MILLIS);
    }
  }
}

const FIELDS: Record<Way, string> = { email: 'email', sms: 'phone', push: 'token' };
