import { startPhones, type Fleet } from '../../../android-agent-sim/index.js';
import { FakeFcm, fcmError } from '../../fakes/fcm.js';
import { MailServer } from '../../fakes/mail-server.js';
import { Api } from '../../support/api.js';
import { must } from '../../support/people.js';
import { readMail } from '../../support/read-mail.js';
import { impatient } from '../load.js';
import { ADMIN } from '../shop.js';
import type { Orders } from './orders.js';

const PHONES = 3;
/** More than the gateway goes through at once, so that it can die between two of its pages. */
const CROWD = 520;
/** Of them these are told something, each by e-mail; the others want to be told nothing. */
const LISTENERS = 8;
export const TOPIC = 'crowd';
const FOR_NOW = 0.05;
const NO_ANSWER = 0.02;

/** What stands outside of the gateway: phones, a mail server, and Firebase, which err a little. All that they take is noted. */
export class Outside {
  readonly mails: MailServer;
  readonly fcm = new FakeFcm();
  private readonly noted = { mails: 0, pushes: 0 };

  constructor(private readonly orders: Orders) {
    this.mails = new MailServer({
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('nobody') ? done(Object.assign(new Error('5.1.1 Nobody'), { responseCode: 550 })) : done(),
    });
  }

  async start(seed: number): Promise<void> {
    await Promise.all([this.mails.start(), this.fcm.start()]);
    const busy = { reply: fcmError(503, 'UNAVAILABLE', 'UNAVAILABLE', undefined, { 'retry-after': '1' }) };
    this.fcm.shares(seed, [FOR_NOW, busy], [NO_ANSWER, { takes: true, cut: 'after' }]);
  }

  /** Notes what has been taken since the last time. */
  look(): void {
    const { mails, fcm, orders, noted } = this;
    for (const { to, source, at } of mails.taken.slice(noted.mails))
      orders.note({ way: 'email', to: to[0]!, text: readMail(source).text, at: at.getTime() });
    for (const { to, text, at } of fcm.taken.slice(noted.pushes))
      orders.note({ way: 'push', to: `token:${to}`, text, at: at.getTime() });
    noted.mails = mails.taken.length;
    noted.pushes = fcm.taken.length;
  }

  async stop(): Promise<void> {
    await Promise.all([this.mails.stop(), this.fcm.stop()]);
  }
}

export interface NotifyingShop {
  admin: Record<string, string>;
  fleet: Fleet;
  /** The addresses of those in the topic who are told something, and the ids of all in it. */
  listeners: readonly string[];
  crowd: readonly string[];
}

/** `gateway`: the real address; `phones`: the one that the phones call. */
export async function openNotifyingShop(
  gateway: string,
  phones: string,
  outside: Outside,
  seed: number,
): Promise<NotifyingShop> {
  const nobody = new Api(gateway);
  const { access_token } = must(200, await nobody.post('/auth/login', ADMIN));
  const admin = { authorization: `Bearer ${access_token}` };
  const api = nobody.as(admin);
  const { mails, fcm } = outside;
  const limits = { per_second: 1000, concurrency: 20 };
  must(200, await api.put('/admin/carriers/smtp', { url: mails.url(), from: 'Shop <shop@example.com>', ...limits }));
  const account = { project_id: fcm.projectId, service_account: fcm.serviceAccount(), ...limits };
  must(200, await api.put('/admin/carriers/fcm', account));
  const options = { url: phones, device: 'phone', phones: PHONES, wait: 1, latency: [1, 20] } as const;
  const fleet = await startPhones({ ...options, deliveryLatency: [1, 40], seed }, { timers: impatient });
  must(201, await api.post('/topics', { name: TOPIC }));
  const crowd: string[] = [];
  const add = async (body: object) => void crowd.push(must(201, await api.post('/people', body)).id);
  const listeners = Array.from({ length: LISTENERS }, (_, i) => `listener-${i}@example.com`);
  for (const email of listeners) await add({ email, preference: 'email' });
  while (crowd.length < CROWD)
    await Promise.all(Array.from({ length: 8 }, (_, i) => add({ name: `${i}`, preference: 'none' })));
  must(200, await api.post(`/topics/${TOPIC}/subscribers`, { people: crowd }));
  return { admin, fleet, listeners, crowd };
}
