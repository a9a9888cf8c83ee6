import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { newPassword } from '../common/secrets.js';
import { ControlActions } from '../control/control-actions.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { Passwords } from './passwords.js';
import { normalizeUsername } from './user.js';
import { UserDirectory } from './user-directory.js';
import { UsersRepository } from './users.repository.js';

/** `npm run seed-admin -- --reset-password USER`: who can open the store may give anybody in it a new password. */
@Injectable()
export class PasswordByCommand {
  constructor(
    private readonly repository: UsersRepository,
    private readonly directory: UserDirectory,
    private readonly passwords: Passwords,
    private readonly tenants: TenantsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    actions: ControlActions,
  ) {
    actions.register('reset-password', ({ args: [name], say }) => this.reset(name!, say));
  }

  /** Ends every token of the user. @throws Error when there is no such user */
  async reset(name: string, say: (line: string) => void): Promise<void> {
    const user = await this.repository.byUsername(normalizeUsername(name));
    if (!user) throw new Error(`There is no user ${name}. Nothing was changed.`);
    const { _id, tenant_id: tenant, token_version, username } = user;
    const password = newPassword();
    const password_hash = await this.passwords.hash(password);
    const actor = { kind: 'system', id: 'npm run seed-admin', tenant } as const;
    await this.audit.recordFirst(actor, 'RESET_PASSWORD', { user_id: _id });
    const set = { password_hash, updated_at: this.clock.now() };
    const changed = await this.repository.update({ _id, tenant_id: tenant, token_version }, set, true);
    this.directory.forget(_id);
    if (!changed) throw new Error(`The user ${username} was changed at the same moment. Run the command again.`);
    const { slug } = await this.tenants.get(tenant);
    say(`The new password of ${username} (${user.role}, tenant ${slug}) is ${password}`);
    say(
      '  It is shown only once; change it with POST /auth/password. Whoever was logged in as this user has to log in again.',
    );
    if (!user.is_active)
      say(`  The user is disabled: to log in, an administrator enables it with PATCH /admin/users/${_id}.`);
  }
}
