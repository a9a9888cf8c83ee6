import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { ApiError, forbidden, invalidField } from '../../common/errors.js';
import { Clock } from '../../common/clock.js';
import type { TenantId } from '../../common/tenant-id.js';
import { Config } from '../../config/load-config.js';
import { SettingsService } from '../../tenants/settings.service.js';
import { DEFAULT_TENANT } from '../../tenants/tenant.js';
import { TenantsService } from '../../tenants/tenants.service.js';
import { Accounts } from '../../users/accounts.js';
import { checkPasswordBytes } from '../../users/password-rules.js';
import { normalizeUsername } from '../../users/user.js';
import { CodeLimits } from '../confirmations/code-limits.js';
import type { ConfirmationDoc } from '../confirmations/confirmation.js';
import { Confirmations } from '../confirmations/confirmations.js';
import { readEmail } from '../email-address.js';
import { People } from '../people.js';
import { PersonChanges } from '../person-changes.js';
import type { ShownPage } from '../shown-page.js';
import { AccountMailer, LINK_SECONDS } from './account-mailer.js';
import { accountPage, confirmForm } from './account-pages.js';
import type { ConfirmRegistrationDto } from './dto/confirm-registration.dto.js';
import type { RegisterDto } from './dto/register.dto.js';

const KIND = 'registration';

/**
 * People make themselves an account, where the tenant allows it. Nothing of other accounts is looked at before the e-mail address is
 * confirmed, so the answer can't tell who has one.
 */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly confirmations: Confirmations,
    private readonly limits: CodeLimits,
    private readonly mailer: AccountMailer,
    private readonly accounts: Accounts,
    private readonly people: People,
    private readonly changes: PersonChanges,
    private readonly tenants: TenantsService,
    private readonly settings: SettingsService,
    private readonly config: Config,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 400, or 403 where nobody may. */
  async register({ tenant: slug, username, password, email: typed }: RegisterDto, address: string) {
    checkPasswordBytes(password, 'password');
    const tenant = await this.openTenant(slug);
    const email = mustRead(typed);
    const password_hash = await this.accounts.hash(password, address);
    this.mailer.later(() => this.sendLink(tenant, { username: normalizeUsername(username), email, password_hash }));
    return { status: 'ok' as const };
  }

  async ask(token: string, languages: string | undefined): Promise<ShownPage> {
    const found = await this.confirmations.peek(token, KIND);
    if (!found) return linkIsOver(languages);
    return accountPage(languages, {
      title: 'confirmTitle',
      lines: ['confirmQuestion'],
      values: { username: dataOf(found).username },
      form: confirmForm(token),
    });
  }

  async confirmByLink(token: string, languages: string | undefined): Promise<ShownPage> {
    const proven = await this.confirmations.byToken(token, KIND);
    if (!proven) return linkIsOver(languages);
    const values = { username: dataOf(proven).username };
    try {
      await this.open(proven);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'username_taken') throw error;
      return accountPage(languages, { status: 409, title: 'confirmTitle', lines: ['taken'], values });
    }
    return accountPage(languages, { title: 'confirmTitle', lines: ['confirmed'], values });
  }

  /** @throws ApiError 400 for a wrong code, 409 when the name is taken. */
  async confirmByCode({ tenant: slug, username, email: typed, code }: ConfirmRegistrationDto) {
    const tenant = await this.openTenant(slug);
    const subject = subjectOf(normalizeUsername(username), mustRead(typed));
    const proven = await this.confirmations.byCode(tenant, subject, code);
    if (!proven)
      throw invalidField('code', 'is wrong, or can not be used any more; register again for a new one', 'wrong_code');
    await this.open(proven);
    return { status: 'ok' as const };
  }

  private async sendLink(
    tenant: TenantId,
    data: { username: string; email: string; password_hash: string },
  ): Promise<void> {
    const { username, email: address } = data;
    if ((await this.limits.wait(`register ${address}`)) > 0) return;
    const subject = subjectOf(username, address);
    const issued = await this.confirmations.issue({ tenant, subject, address, lifeSeconds: LINK_SECONDS, data });
    const { publicUrl } = this.config;
    const link = `${publicUrl}/auth/confirm?token=${issued.token}`;
    await this.mailer.send(tenant, {
      because: issued.id,
      to: address,
      language: null,
      mail: 'register',
      values: { username, code: issued.code, link },
      open: ({ openLink }) => (publicUrl ? openLink : ''),
    });
  }

  private async open(proven: ConfirmationDoc): Promise<void> {
    const { tenant_id: tenant } = proven;
    const { username, email, password_hash } = dataOf(proven);
    const user = await this.accounts.register(tenant, username, email, password_hash);
    await this.audit.recordSystem(tenant, user._id, 'REGISTER_USER', { user_id: user._id, username });
    const person = await this.people.ofUser(tenant, user._id, { email });
    await this.changes.write(tenant, person._id, ({ email: now }) =>
      now === email ? { $set: { email_confirmed_at: this.clock.now() } } : null,
    );
  }

  private async openTenant(slug = DEFAULT_TENANT): Promise<TenantId> {
    const tenant = await this.tenants.bySlug(slug);
    if (tenant && (await this.settings.get(tenant._id)).self_registration) return tenant._id;
    throw forbidden('Nobody can register here. Ask an administrator for an account (or for self_registration).');
  }
}

function dataOf({ data }: ConfirmationDoc) {
  return data as { username: string; email: string; password_hash: string };
}

function subjectOf(username: string, email: string): string {
  return `${KIND}:${username} ${email}`;
}

function mustRead(typed: string): string {
  const email = readEmail(typed);
  if (email === null) throw invalidField('email', 'must be an e-mail address');
  return email;
}

function linkIsOver(languages: string | undefined): ShownPage {
  return accountPage(languages, { status: 410, title: 'confirmTitle', lines: ['over'] });
}
