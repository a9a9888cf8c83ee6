import { CarrierKinds } from '../../src/carriers/carrier-kinds.js';
import { SmtpKind } from '../../src/carriers/smtp/smtp-kind.js';
import { MailServer, type MailBehaviour } from '../fakes/mail-server.js';
import type { CarrierUnderTest, Ending } from './carrier-under-test.js';

/** Mail servers name no time to come back at, and know of no opt-outs. What they answer after the mail is an answer. */
const ENDS: Partial<Record<Ending, MailBehaviour>> = {
  'refused by the route': { at: 'mail', answer: '550 5.7.1 Sender not allowed: shop@example.com' },
  'refused for the recipient': { at: 'recipient', answer: '550 5.2.1 <lan@example.com>: mailbox disabled' },
  'refused for the text': { at: 'end', answer: '552 5.3.4 Message size exceeds fixed limit' },
  'refused for a reason without a code': { at: 'end', answer: '554 Transaction failed' },
  'cut before it was read': { at: 'content' },
  'cut after it was read': { at: 'end' },
};

export async function smtpUnderTest(): Promise<CarrierUnderTest & { fake: MailServer }> {
  const fake = await new MailServer().start();
  const kind = new SmtpKind(new CarrierKinds());
  const open = (url = fake.url()) => kind.open({ url, from: 'Tiệm Hoa <shop@example.com>' });
  const [carrier, wrongCredentials, nobodyThere] = await Promise.all([
    open(),
    open(fake.url('another password')),
    open('smtp://127.0.0.1:1'),
  ]);
  return {
    fake,
    carrier,
    text: { channel: 'email', to: 'lan@example.com', subject: 'Your order' },
    prepare(ending) {
      if (ending === 'accepted') return {};
      if (ending === 'wrong credentials') return { carrier: wrongCredentials, asks: 0 };
      if (ending === 'no connection') return { carrier: nobodyThere };
      if (!ENDS[ending]) return null;
      fake.next(ENDS[ending]);
      return {};
    },
    silence: () => fake.next({ at: 'end', silent: true }),
    asked: () => fake.announced,
    taken: () => fake.taken.length,
    elsewhere: { wrongCredentials, nobodyThere },
    callbacks: null,
    secrets: [fake.password, encodeURIComponent(fake.password), 'shop@example.com'],
    stop: () => fake.stop(),
  };
}
