import type { Readable } from 'node:stream';
import type { Mail, SendMailOptions, SMTPPoolOptions, SMTPPoolSentMessageInfo } from 'nodemailer';
import { isMailAddress } from '../../domain/mailbox.js';
import type { CallbackReading, Capabilities, Carrier, OutgoingText, SendOutcome, TestOutcome } from '../carrier.js';
import { outcomeOfUnanswered } from '../unanswered.js';
import type { SmtpAccount } from './smtp-account.js';
import { outcomeOfFailure, outcomeOfTest, type SmtpFailure } from './smtp-outcome.js';

export type Mailer = Mail<SMTPPoolSentMessageInfo, SMTPPoolOptions>;

/** A mail server: e-mails. What becomes of a mail after the server has taken it, nobody tells us. */
export class SmtpCarrier implements Carrier {
  readonly capabilities: Capabilities = {
    channels: ['email'],
    characters: 100_000,
    per_second: 10,
    concurrency: 5,
    receipts: false,
  };
  /** The stream of each mail that is being sent, by its envelope. Once it was read, the server may have the mail. */
  private readonly streams = new WeakMap<object, Readable>();

  constructor(
    private readonly account: SmtpAccount,
    private readonly mailer: Mailer,
  ) {
    mailer.use('stream', ({ message, data }, done) => {
      const create = message.createReadStream.bind(message);
      message.createReadStream = (options) => {
        const stream = create(options);
        this.streams.set(data.envelope!, stream);
        return stream;
      };
      done();
    });
  }

  async send(text: OutgoingText, signal: AbortSignal): Promise<SendOutcome> {
    if (signal.aborted) return outcomeOfUnanswered({ kind: 'unsent', code: 'aborted' }, 'The mail server');
    if (!isMailAddress(text.to)) {
      const reason = 'This is no e-mail address';
      return { kind: 'refused', fault: 'recipient', code: 'bad_address', reason };
    }
    const envelope = { from: this.account.from.address, to: [text.to] };
    try {
      const { messageId, serverMessageId } = await this.mailer.sendMail({ ...this.mailOf(text), envelope, signal });
      return { kind: 'accepted', ref: serverMessageId ?? messageId, receipts: false };
    } catch (error) {
      return outcomeOfFailure(error as SmtpFailure, this.streams.get(envelope)?.readableDidRead ?? false);
    }
  }

  async test(signal: AbortSignal): Promise<TestOutcome> {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(Object.assign(new Error(), { code: 'timeout' })), { once: true });
    });
    try {
      await Promise.race([this.mailer.verify(), aborted]);
      return { kind: 'proven' };
    } catch (error) {
      return outcomeOfTest(error as SmtpFailure);
    }
  }

  readCallback(): CallbackReading {
    return { kind: 'forged', reason: 'a mail server makes no calls' };
  }

  private mailOf({ attempt, to, subject, text, unsubscribeUrl }: OutgoingText): SendMailOptions {
    const { from } = this.account;
    return {
      from,
      to: { name: '', address: to },
      // The same attempt has the same id, wherever it turns up.
      messageId: `<${attempt}@${from.address.split('@')[1]}>`,
      ...(subject === undefined ? {} : { subject }),
      text,
      ...(unsubscribeUrl ? { headers: unsubscribing(unsubscribeUrl) } : {}),
    };
  }
}

/** RFC 8058: mail programs show a button, which posts to the page. */
function unsubscribing(url: string) {
  return {
    'List-Unsubscribe': { prepared: true, value: `<${new URL(url).href}>` },
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}
