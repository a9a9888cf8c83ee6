import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AuditService } from '../audit/audit.service.js';
import type { User } from '../auth/principal.js';
import { countedAddress } from '../auth/throttle/counted-address.js';
import { Clock } from '../common/clock.js';
import { invalidField, notFound, unauthenticated } from '../common/errors.js';
import { newSecret, hashSecret } from '../common/secrets.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { AddressThrottle } from './address-throttle.js';
import { LoginThrottle } from './login-throttle.js';
import { Passwords } from './passwords.js';
import { asPrincipal, changedMeanwhile, normalizeUsername, showUser, type UserDoc } from './user.js';
import { UserDirectory } from './user-directory.js';
import { UserTokens } from './user-tokens.js';
import { UsersRepository } from './users.repository.js';

const WRONG = 'The user name or the password is wrong. An administrator can set another (PATCH /admin/users/{id}).';

@Injectable()
export class LoginService {
  /** Basic credentials that were right within the last minute: a hash on each call would cap a user at 20 calls a second. */
  private readonly proven = new LRUCache<string, { id: string; version: number }>({ max: 1000, ttl: 60_000 });
  private readonly salt = newSecret('salt');

  constructor(
    private readonly repository: UsersRepository,
    private readonly directory: UserDirectory,
    private readonly tenants: TenantsService,
    private readonly passwords: Passwords,
    private readonly throttle: LoginThrottle,
    private readonly addresses: AddressThrottle,
    private readonly tokens: UserTokens,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async login(username: string, password: string, address: string) {
    const user = await this.verify(username, password, address);
    const tenant = await this.tenants.get(user.tenant_id);
    await this.audit.recordFirst(asPrincipal(user), 'LOGIN', { address });
    return {
      ...this.tokens.sign(user, tenant.slug),
      token_type: 'Bearer' as const,
      user: { ...showUser(user), tenant: tenant.slug },
    };
  }

  /** @throws ApiError 401, or 429 after too many failures. */
  async verify(username: string, password: string, address: string): Promise<UserDoc> {
    const user = await this.check(username, password, address);
    if (!user) throw unauthenticated(WRONG);
    return user;
  }

  async verifyBasic(username: string, password: string, address: string): Promise<UserDoc> {
    const key = hashSecret(`${this.salt}\0${username}\0${password}`);
    const known = this.proven.get(key);
    const user = known && (await this.directory.byId(known.id));
    if (user?.is_active && user.token_version === known?.version) return user;
    const verified = await this.verify(username, password, address);
    this.proven.set(key, { id: verified._id, version: verified.token_version });
    return verified;
  }

  /** Ends every token of the user, the caller's too; the answer carries a new one. */
  async changePassword(caller: User, current: string, next: string, address: string) {
    const user = await this.provePassword(caller, current, address);
    const password_hash = await this.passwords.hash(next);
    const set = { password_hash, updated_at: this.clock.now() };
    const { _id, tenant_id, token_version } = user;
    const changed = await this.repository.update({ _id, tenant_id, token_version }, set, true);
    this.directory.forget(_id);
    if (!changed) throw changedMeanwhile();
    await this.audit.record(caller, 'CHANGE_PASSWORD', { user_id: user._id });
    const tenant = await this.tenants.get(changed.tenant_id);
    return { ...this.tokens.sign(changed, tenant.slug), token_type: 'Bearer' as const };
  }

  /** The caller's account. @throws ApiError 400 when `current` isn't its password, 429 after too many failures. */
  async provePassword(caller: User, current: string, address: string): Promise<UserDoc> {
    const user = await this.directory.byId(caller.id);
    if (!user) throw notFound('user', caller.id);
    const proven = await this.check(user.username, current, address);
    if (!proven) throw invalidField('current_password', 'is wrong');
    return proven;
  }

  /** Null when name or password is wrong. @throws ApiError 429 after too many failures. */
  private async check(username: string, password: string, address: string): Promise<UserDoc | null> {
    const name = normalizeUsername(username);
    await this.addresses.slowDown(address);
    return this.passwords.inTurn(countedAddress(address), async (compare) => {
      await Promise.all([this.throttle.check(address, name), this.addresses.check(address)]);
      const user = await this.repository.byUsername(name);
      const right = await compare(password, user?.password_hash);
      if (user && right && user.is_active) return user;
      // The same for a name that nobody has: nothing that takes time is done for one of them alone.
      await Promise.all([this.throttle.failed(address, name), this.addresses.failed(address)]);
      if (user) this.audit.countSystemSoon(user.tenant_id, user._id, 'LOGIN_FAILED', { address });
      return null;
    });
  }
}
