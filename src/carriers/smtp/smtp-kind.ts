import { Injectable } from '@nestjs/common';
import type { Config } from '../../config/load-config.js';
import { readSmtpUrl, SMTP_URL_RULE } from '../../domain/smtp-url.js';
import type { Carrier } from '../carrier.js';
import { CarrierKinds, type AccountValues, type CarrierKind } from '../carrier-kinds.js';
import { accountIdOf, readAccount, transportOptions } from './smtp-account.js';
import { SmtpCarrier } from './smtp-carrier.js';

@Injectable()
export class SmtpKind implements CarrierKind {
  readonly name = 'smtp';
  readonly title = 'E-mail (SMTP)';
  readonly secrets = ['url'];
  readonly isShared = true;

  constructor(kinds: CarrierKinds) {
    kinds.register(this);
  }

  fromEnvironment({ SMTP_URL, SENDGRID_API_KEY, MAIL_FROM: from }: Config): AccountValues | null {
    const url = SMTP_URL ?? (SENDGRID_API_KEY && sendGridUrl(SENDGRID_API_KEY));
    return url && from ? { url, from } : null;
  }

  flaw({ url }: AccountValues) {
    return readSmtpUrl(String(url)) ? null : { field: 'url', problem: SMTP_URL_RULE };
  }

  baseUrl(): null {
    return null;
  }

  accountId(values: AccountValues): string {
    return accountIdOf(readAccount(values));
  }

  sender(): null {
    return null;
  }

  /** The package takes 140 ms to load, so only who has a mail server loads it. */
  async open(values: AccountValues): Promise<Carrier> {
    const { createTransport } = await import('nodemailer');
    const account = readAccount(values);
    return new SmtpCarrier(account, createTransport(transportOptions(account)));
  }
}

function sendGridUrl(key: string): string {
  return `smtp://apikey:${encodeURIComponent(key)}@smtp.sendgrid.net:587`;
}
