import { Injectable } from '@nestjs/common';
import { countedAddress } from '../auth/throttle/counted-address.js';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { Passwords } from './passwords.js';
import { normalizeUsername, type UserDoc } from './user.js';
import { UserDirectory } from './user-directory.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** Accounts of one address that are offered a new password at once. */
const MOST_OF_ONE_ADDRESS = 5;

/** Accounts, as features that work with people need them. */
@Injectable()
export class Accounts {
  constructor(
    private readonly repository: UsersRepository,
    private readonly users: UsersService,
    private readonly directory: UserDirectory,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /** Nothing for a user whose token was signed elsewhere. */
  async addresses(id: string): Promise<{ email?: string; phone?: string }> {
    const user = await this.directory.byId(id);
    return { ...(user?.email ? { email: user.email } : {}), ...(user?.phone ? { phone: user.phone } : {}) };
  }

  /** Those that can log in and have an address to which a link to a new password may go: the account's own. */
  async byName(username: string): Promise<UserDoc[]> {
    const user = await this.repository.byUsername(normalizeUsername(username));
    return user?.is_active && user.email ? [user] : [];
  }

  async byEmail(tenant: TenantId, emails: readonly string[]): Promise<UserDoc[]> {
    const users = await this.repository.byEmail(tenant, emails, MOST_OF_ONE_ADDRESS);
    return users.filter(({ is_active }) => is_active);
  }

  /** For a stranger from this address, who takes turns with all others. @throws ApiError 503 */
  hash(password: string, address: string): Promise<string> {
    return this.passwords.hash(password, countedAddress(address));
  }

  /** Somebody who has registered themselves. @throws ApiError 409 when the name is taken. */
  register(tenant: TenantId, username: string, email: string, passwordHash: string): Promise<UserDoc> {
    return this.users.insertHashed(tenant, { username, email, role: 'member' }, passwordHash);
  }

  /** Ends every token of the user. Null when the password, or the account, has changed since `version`. */
  async setPassword(id: string, version: number, passwordHash: string): Promise<UserDoc | null> {
    const user = await this.repository.byIdAnywhere(id);
    if (!user?.is_active || user.token_version !== version) return null;
    const { _id, tenant_id, token_version } = user;
    const set = { password_hash: passwordHash, updated_at: this.clock.now() };
    const changed = await this.repository.update({ _id, tenant_id, token_version }, set, true);
    this.directory.forget(id);
    return changed;
  }
}
