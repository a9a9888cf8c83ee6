import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { invalidField } from '../../common/errors.js';
import { Config } from '../../config/load-config.js';
import { DEFAULT_TENANT } from '../../tenants/tenant.js';
import { TenantsService } from '../../tenants/tenants.service.js';
import { Accounts } from '../../users/accounts.js';
import { checkPasswordBytes } from '../../users/password-rules.js';
import type { UserDoc } from '../../users/user.js';
import { CodeLimits } from '../confirmations/code-limits.js';
import type { ConfirmationDoc } from '../confirmations/confirmation.js';
import { Confirmations } from '../confirmations/confirmations.js';
import { readEmail } from '../email-address.js';
import { PeopleRepository } from '../people.repository.js';
import type { ShownPage } from '../shown-page.js';
import { AccountMailer, LINK_SECONDS } from './account-mailer.js';
import { accountPage, passwordForm } from './account-pages.js';
import type { AskPasswordResetDto } from './dto/ask-password-reset.dto.js';

const KIND = 'password';

/**
 * A new password for who has forgotten theirs, by a link to the account's own address: an address that somebody only wrote of themselves
 * would let whoever finds their screen open take the account over.
 */
@Injectable()
export class PasswordResetService {
  constructor(
    private readonly confirmations: Confirmations,
    private readonly limits: CodeLimits,
    private readonly mailer: AccountMailer,
    private readonly accounts: Accounts,
    private readonly people: PeopleRepository,
    private readonly tenants: TenantsService,
    private readonly config: Config,
    private readonly audit: AuditService,
  ) {}

  /** The same answer, and as fast, whoever there is. */
  ask(asked: AskPasswordResetDto) {
    if ((asked.username === undefined) === (asked.email === undefined))
      throw invalidField('username', 'is needed, or email, and not both');
    this.mailer.later(async () => {
      for (const user of await this.find(asked)) await this.sendLink(user);
    });
    return { status: 'ok' as const };
  }

  /** @throws ApiError 400 */
  async confirm(token: string, password: string, address: string) {
    checkPasswordBytes(password, 'password');
    if (!(await this.change(token, password, address)))
      throw invalidField('token', 'is not valid any more; ask for a new one', 'link_over');
    return { status: 'ok' as const };
  }

  async page(token: string, languages: string | undefined): Promise<ShownPage> {
    const found = await this.confirmations.peek(token, KIND);
    return found ? form(languages, token, found, 200) : linkIsOver(languages);
  }

  async confirmByPage(
    token: string,
    password: string,
    address: string,
    languages: string | undefined,
  ): Promise<ShownPage> {
    const found = await this.confirmations.peek(token, KIND);
    if (!found) return linkIsOver(languages);
    if ([...password].length < 12 || Buffer.byteLength(password) > 72) return form(languages, token, found, 400);
    return (await this.change(token, password, address))
      ? accountPage(languages, { title: 'passwordTitle', lines: ['passwordSet'] })
      : linkIsOver(languages);
  }

  private async find({ username, email, tenant: slug }: AskPasswordResetDto): Promise<UserDoc[]> {
    const tenant = await this.tenants.bySlug(slug ?? DEFAULT_TENANT);
    if (username !== undefined) {
      const users = await this.accounts.byName(username);
      return users.filter(({ tenant_id }) => slug === undefined || tenant_id === tenant?._id);
    }
    const read = readEmail(email!);
    return tenant && read ? this.accounts.byEmail(tenant._id, [...new Set([email!.trim(), read])]) : [];
  }

  private async sendLink({ _id, tenant_id: tenant, username, email, token_version }: UserDoc): Promise<void> {
    if ((await this.limits.wait(`password ${_id}`)) > 0) return;
    const issued = await this.confirmations.issue({
      tenant,
      subject: `${KIND}:${_id}`,
      address: email!,
      lifeSeconds: LINK_SECONDS,
      data: { user_id: _id, username, version: token_version },
    });
    const { publicUrl } = this.config;
    const { token } = issued;
    const link = `${publicUrl}/auth/new-password?token=${token}`;
    await this.mailer.send(tenant, {
      because: issued.id,
      to: email!,
      language: (await this.people.ofUser(tenant, _id))?.language ?? null,
      mail: 'reset',
      values: { username, link, token },
      open: ({ openLink, withoutLink }) => (publicUrl ? openLink : withoutLink),
    });
  }

  /** False when the link is over, or was for another password than that of now. */
  private async change(token: string, password: string, address: string): Promise<boolean> {
    const proven = await this.confirmations.byToken(token, KIND);
    if (!proven) return false;
    const { user_id, version } = dataOf(proven);
    const user = await this.accounts.setPassword(user_id, version, await this.accounts.hash(password, address));
    if (!user) return false;
    const { _id, tenant_id: tenant, username } = user;
    await this.audit.recordSystem(tenant, _id, 'RESET_PASSWORD', { user_id: _id, address });
    this.mailer.later(async () =>
      this.mailer.send(tenant, {
        because: proven._id,
        to: proven.address,
        language: (await this.people.ofUser(tenant, _id))?.language ?? null,
        mail: 'changed',
        values: { username },
      }),
    );
    return true;
  }
}

function dataOf({ data }: ConfirmationDoc) {
  return data as { user_id: string; username: string; version: number };
}

function form(languages: string | undefined, token: string, found: ConfirmationDoc, status: 200 | 400): ShownPage {
  return accountPage(languages, {
    status,
    title: 'passwordTitle',
    lines: [...(status === 400 ? (['wrongLength'] as const) : []), 'passwordFor'],
    values: { username: dataOf(found).username },
    form: passwordForm(token),
  });
}

function linkIsOver(languages: string | undefined): ShownPage {
  return accountPage(languages, { status: 410, title: 'passwordTitle', lines: ['over'] });
}
