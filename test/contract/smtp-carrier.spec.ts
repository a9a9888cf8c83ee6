import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import type { Carrier, OutgoingText, SendOutcome } from '../../src/carriers/carrier.js';
import { CarrierKinds } from '../../src/carriers/carrier-kinds.js';
import { readAccount, transportOptions } from '../../src/carriers/smtp/smtp-account.js';
import { SmtpCarrier } from '../../src/carriers/smtp/smtp-carrier.js';
import { SmtpKind } from '../../src/carriers/smtp/smtp-kind.js';
import { loadConfig } from '../../src/config/load-config.js';
import { MailServer, type MailPlace } from '../fakes/mail-server.js';
import { readMail } from '../support/read-mail.js';
import { selfSigned } from '../support/self-signed.js';
import { waitFor } from '../support/wait-for.js';

const ATTEMPT = 'msg_01kah3k0000000000000000001.lea_01kah3k0000000000000000001';
const MAIL: OutgoingText = {
  attempt: ATTEMPT,
  channel: 'email',
  to: 'lan@example.com',
  from: null,
  subject: 'Đơn hàng',
  text: 'Cảm ơn chị Lan.\n.\nHẹn gặp lại!',
};
const FROM = 'Tiệm Hoa <shop@example.com>';
const never = () => new AbortController().signal;
const reason = expect.any(String);

describe('a mail server as a carrier', () => {
  const kind = new SmtpKind(new CarrierKinds());
  let fake: MailServer;
  let carrier: Carrier;
  const open = (url: string, from = FROM) => kind.open({ url, from });
  const send = (more: Partial<OutgoingText> = {}, signal = never()) => carrier.send({ ...MAIL, ...more }, signal);
  const lastMail = () => readMail(fake.taken.at(-1)!.source);

  beforeAll(async () => {
    fake = await new MailServer().start();
    carrier = await open(fake.url());
  });
  beforeEach(async () => {
    fake.hangUp();
    await waitFor(() => expect(fake.open).toBe(0));
    fake.taken.length = 0;
    fake.conversations = 0;
  });
  afterAll(() => fake.stop());

  it('takes a plain mail with its subject, its sender and an id by which the attempt is known', async () => {
    expect(await send()).toEqual({ kind: 'accepted', ref: `<${ATTEMPT}@example.com>`, receipts: false });
    expect(fake.taken).toMatchObject([{ from: 'shop@example.com', to: ['lan@example.com'] }]);
    const { headers, text } = lastMail();
    expect(text).toBe(MAIL.text);
    expect(headers).toMatchObject({
      from: 'Tiệm Hoa <shop@example.com>',
      to: 'lan@example.com',
      subject: 'Đơn hàng',
      'message-id': `<${ATTEMPT}@example.com>`,
      'content-type': 'text/plain; charset=utf-8',
    });
    expect(headers).not.toHaveProperty('list-unsubscribe');
    // The same attempt again is the same mail to whoever compares ids.
    await send();
    expect(lastMail().headers['message-id']).toBe(headers['message-id']);
  });

  it('says how all mails are ended, so that mail programs show a button for it', async () => {
    const unsubscribeUrl = `https://sms.example.com/sms/u/${'t'.repeat(120)}?lang=vi`;
    await send({ unsubscribeUrl });
    expect(lastMail().headers).toMatchObject({
      'list-unsubscribe': `<${unsubscribeUrl}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
  });

  it('lets nobody write headers of their own', async () => {
    for (const subject of ['Hi\r\nBcc: eve@example.com', 'Hi\nBcc: eve@example.com', 'Hi\rBcc: eve@example.com']) {
      expect(await send({ subject, text: '\r\nBcc: eve@example.com' })).toMatchObject({ kind: 'accepted' });
      const { headers } = lastMail();
      expect(headers).not.toHaveProperty('bcc');
      expect(headers['subject']).toBe('Hi Bcc: eve@example.com');
    }
    const unsubscribeUrl = 'https://sms.example.com/u>\r\nBcc: eve@example.com';
    await send({ unsubscribeUrl });
    expect(lastMail().headers).not.toHaveProperty('bcc');
    expect(fake.taken.every(({ to }) => to.length === 1)).toBe(true);
  });

  it.each(['lan', 'lan@example.com, eve@example.com', 'lan@example.com>\r\nRCPT TO:<eve@example.com', '@', ''])(
    'is not even asked about %j',
    async (to) => {
      const refused = { kind: 'refused', fault: 'recipient', code: 'bad_address', reason };
      expect(await send({ to })).toEqual(refused);
      expect(fake.conversations).toBe(0);
    },
  );

  const BEFORE: MailPlace[] = ['greeting', 'login', 'mail', 'recipient', 'data'];
  const AFTER: MailPlace[] = ['content', 'end'];
  const unsent = { kind: 'later', cause: 'failure', code: expect.any(String), reason };
  const unknown = { kind: 'unknown', reason };
  const places = [
    ...BEFORE.map((at): [MailPlace, unknown] => [at, unsent]),
    ...AFTER.map((at): [MailPlace, unknown] => [at, unknown]),
  ];

  it.each(places)('that dies at the %s', async (at, outcome) => {
    fake.next({ at });
    expect(await send()).toEqual(outcome);
    expect(fake.taken).toHaveLength(at === 'end' ? 1 : 0);
    // The same in a conversation that had a mail before.
    if (at === 'greeting' || at === 'login') return;
    await send();
    fake.next({ at });
    fake.conversations = 0;
    expect(await send()).toEqual(outcome);
    expect(fake.conversations).toBe(0);
    expect(fake.taken).toHaveLength(at === 'end' ? 3 : 1);
  });

  // Silence at `data` is one at the content: the server has asked for it.
  it.each(places.filter(([at]) => at !== 'data'))('that falls silent at the %s', async (at, outcome) => {
    fake.next({ at, silent: true });
    const conversation = new AbortController();
    const sending = send({}, conversation.signal);
    await waitFor(() => expect([fake.waiting, fake.taken.length]).toEqual([0, at === 'end' ? 1 : 0]));
    conversation.abort(new DOMException('', 'TimeoutError'));
    expect(await sending).toEqual(outcome);
    await waitFor(() => expect(fake.open).toBe(0));
    expect(fake.conversations).toBe(1);
  });

  const later = { kind: 'later', cause: 'load', reason };
  const refused = (fault: string, code: string): SendOutcome => ({ kind: 'refused', fault, code, reason }) as never;
  const dead = (code: string) => ({ ...refused('recipient', code), dead_address: true });
  const held = (code: string) => ({ kind: 'later', cause: 'failure', account: true, retry_after: 60, code, reason });
  it.each<[MailPlace, string, unknown]>([
    ['recipient', '550 5.1.1 No such user', dead('5.1.1')],
    ['recipient', '551 5.1.6 User has moved', dead('5.1.6')],
    ['recipient', '553 5.1.3 Bad address syntax', dead('5.1.3')],
    ['recipient', '550 5.1.10 The domain takes no mail', dead('5.1.10')],
    ['recipient', '550 5.1.99 Something new', refused('recipient', '5.1.99')],
    ['recipient', '550 User unknown', refused('recipient', '550')],
    ['recipient', '552 Exceeded storage', refused('recipient', '552')],
    ['recipient', '550 5.2.2 Mailbox full', refused('recipient', '5.2.2')],
    ['recipient', '554 5.7.1 Relay access denied', refused('route', '5.7.1')],
    ['recipient', '550 5.7.509 DMARC', refused('route', '5.7.509')],
    ['recipient', '450 4.7.1 Greylisted', { ...later, code: '4.7.1', retry_after: 300 }],
    ['recipient', '450 4.2.0 Greylisted', { ...later, code: '4.2.0' }],
    ['recipient', '451 Try again', { ...later, code: '451' }],
    ['recipient', '452 4.2.2 Over quota', { ...later, code: '4.2.2', retry_after: 900 }],
    ['recipient', '452 Too many recipients', { ...later, code: '452', retry_after: 60 }],
    ['recipient', '530 5.7.0 Authentication required', held('5.7.0')],
    ['mail', '553 5.1.8 Sender domain', refused('route', '5.1.8')],
    ['mail', '501 Bad sender', refused('route', '501')],
    ['mail', '421 4.3.2 Shutting down', { ...later, code: '4.3.2' }],
    ['end', '550 5.1.1 No such user after all', dead('5.1.1')],
    ['end', '554 5.6.0 Invalid content', refused('text', '5.6.0')],
    ['end', '554 5.7.1 Spam', refused('route', '5.7.1')],
    ['end', '552 Too big', refused('text', '552')],
    ['end', '451 4.3.0 Out of disk', { ...later, code: '4.3.0' }],
    ['end', '421 Too busy', { ...later, code: '421' }],
    ['greeting', '554 No service for you', { ...unsent, code: '554' }],
    ['greeting', '421 Too many connections', { ...later, code: '421' }],
    ['login', '535 5.7.8 Wrong', held('5.7.8')],
    ['login', '454 4.7.0 Temporary failure', { ...unsent, code: '4.7.0' }],
  ])('that answers at the %s with %s', async (at, answer, outcome) => {
    fake.next({ at, answer });
    expect(await send()).toEqual(outcome);
    expect(fake.taken).toHaveLength(0);
  });

  it('has one conversation for mails in a row, and is left soon after the last', async () => {
    await send();
    await send();
    expect([fake.conversations, fake.open, fake.taken.length]).toEqual([1, 1, 2]);
    await waitFor(() => expect(fake.open).toBe(0), { timeout: 4000 });
  });

  it('that has closed the connection meanwhile is called anew', async () => {
    await send();
    fake.hangUp();
    await waitFor(() => expect(fake.open).toBe(0));
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(fake.taken).toHaveLength(2);
  });

  it('is given no password without TLS, unless it is on this machine', async () => {
    const options = transportOptions(readAccount({ url: 'smtp://shop:secret@mail.example.com', from: FROM }));
    const elsewhere = createTransport({ ...options, host: '127.0.0.1', port: fake.port });
    const far = new SmtpCarrier(readAccount({ url: fake.url(), from: FROM }), elsewhere);
    const { announced, logins } = fake;
    expect(await far.send(MAIL, never())).toEqual(unsent);
    expect([fake.conversations, fake.logins, fake.announced]).toEqual([1, logins, announced]);
  });

  it('whose certificate nobody has signed is given nothing', async () => {
    const secured = await new MailServer({ secure: true, ...selfSigned() }).start();
    const far = await open(secured.url(undefined, 'smtps'));
    expect(await far.send(MAIL, never())).toEqual(unsent);
    expect(await far.test(never())).toMatchObject({ kind: 'untried' });
    expect([secured.logins, secured.announced]).toEqual([0, 0]);
    await secured.stop();
  });

  it('is tested by logging in; one that does not answer is not waited for', async () => {
    expect(await carrier.test(never())).toEqual({ kind: 'proven' });
    const wrong = await open(fake.url('wrong'));
    expect(await wrong.test(never())).toEqual({ kind: 'refused', field: 'url', code: '5.7.8', reason });
    fake.next({ at: 'login', silent: true });
    expect(await carrier.test(AbortSignal.timeout(50))).toEqual({ kind: 'untried', code: 'timeout', reason });
    expect(fake.taken).toHaveLength(0);
    fake.hangUp();
  });

  it('comes from the environment as SMTP_URL, or as the key of SendGrid', () => {
    const from = { MAIL_FROM: FROM };
    const read = (env: Record<string, string>) => kind.fromEnvironment(loadConfig(env));
    expect(read({})).toBeNull();
    const url = 'smtp://user:pass@mail.example.com:25';
    expect(read({ ...from, SMTP_URL: url, SENDGRID_API_KEY: 'SG.key' })).toEqual({ url, from: FROM });
    const sendGrid = read({ SENDGRID_API_KEY: 'SG.key/1', SENDGRID_FROM_EMAIL: 'shop@example.com' })!;
    expect(sendGrid).toEqual({ url: 'smtp://apikey:SG.key%2F1@smtp.sendgrid.net:587', from: 'shop@example.com' });
    expect(kind.accountId(sendGrid)).toBe('apikey@smtp.sendgrid.net:587');
    expect(transportOptions(readAccount(sendGrid))).toMatchObject({
      auth: { user: 'apikey', pass: 'SG.key/1' },
      requireTLS: true,
    });
  });
});
