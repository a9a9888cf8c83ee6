import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import { SettingsService } from '../../tenants/settings.service.js';
import { filled, languageOf } from '../confirmations/code-words.js';
import { PrivateTexts } from '../confirmations/private-texts.js';
import { ACCOUNT_MAILS, type AccountMails } from './account-words.js';

/** How long a link to an account is valid. */
export const LINK_SECONDS = 3600;

interface AccountMail {
  because: string;
  to: string;
  language: string | null;
  mail: 'register' | 'reset' | 'changed';
  values: Readonly<Record<string, string>>;
  /** Where the reader opens a page, and what they do without it. */
  open?: (words: AccountMails) => string;
}

/** Mails about accounts. */
@Injectable()
export class AccountMailer implements BeforeApplicationShutdown {
  private readonly logger = new Logger(AccountMailer.name);
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly texts: PrivateTexts,
    private readonly settings: SettingsService,
  ) {}

  async send(tenant: TenantId, { because, to, language, mail, values, open }: AccountMail): Promise<void> {
    const route = await this.texts.route(tenant, 'email');
    if (!route) return this.logger.warn('nothing of the tenant sends e-mail: a mail about an account was not sent');
    const { org_name, default_country_prefix } = await this.settings.get(tenant);
    const words = ACCOUNT_MAILS[languageOf(language, default_country_prefix)];
    const all = { ...values, org_name, open: open ? filled(open(words), values) : '' };
    const { subject, text } = words[mail];
    const said = { subject: filled(subject, all), text: filled(text, all) };
    await this.texts.send(tenant, 'email', route, { because, purpose: mail, to, ...said, ttlSeconds: LINK_SECONDS });
  }

  /** Does this after the answer, whose time then tells nothing of what there is to do. */
  later(work: () => Promise<void>): void {
    const done: Promise<void> = work()
      .catch((error: unknown) => this.logger.error({ err: error }, 'could not send a mail about an account'))
      .finally(() => this.running.delete(done));
    this.running.add(done);
  }

  /** Everything of `later` is done. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.settled();
  }
}
