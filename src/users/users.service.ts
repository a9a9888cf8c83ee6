import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { includesRole, type Role, type User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { conflict, forbidden, invalidField, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import { DuplicateKeyError } from '../database/query.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { LoginService } from './login.service.js';
import { Passwords } from './passwords.js';
import { changedMeanwhile, normalizeUsername, showUser, type UserDoc } from './user.js';
import { UserDirectory } from './user-directory.js';
import { UserRemoval } from './user-removal.js';
import { UsersRepository } from './users.repository.js';

export interface NewUser {
  username: string;
  password: string;
  role: Role;
  email?: string | null | undefined;
  phone?: string | null | undefined;
}
export type UserChange = Partial<Omit<NewUser, 'username'>> & {
  is_active?: boolean | undefined;
  current_password?: string | undefined;
};

@Injectable()
export class UsersService {
  constructor(
    private readonly repository: UsersRepository,
    private readonly directory: UserDirectory,
    private readonly passwords: Passwords,
    private readonly logins: LoginService,
    private readonly removal: UserRemoval,
    private readonly tenants: TenantsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async create(caller: User, fields: NewUser) {
    this.checkRole(caller, fields.role);
    const user = await this.insert(caller.tenant, fields);
    await this.audit.record(caller, 'CREATE_USER', { user_id: user._id, username: user.username, role: user.role });
    return showUser(user);
  }

  /** @throws ApiError 409 when the name is taken. */
  async insert(tenant: TenantId, { password, ...fields }: NewUser): Promise<UserDoc> {
    return this.insertHashed(tenant, fields, await this.passwords.hash(password));
  }

  /** @throws ApiError 409 when the name is taken. */
  async insertHashed(tenant: TenantId, fields: Omit<NewUser, 'password'>, password_hash: string): Promise<UserDoc> {
    const now = this.clock.now();
    const user: UserDoc = {
      _id: newId('usr'),
      tenant_id: tenant,
      username: normalizeUsername(fields.username),
      role: fields.role,
      password_hash,
      token_version: 1,
      is_active: true,
      email: fields.email ?? null,
      phone: fields.phone ?? null,
      created_at: now,
      updated_at: now,
    };
    try {
      await this.repository.insert(user);
    } catch (error) {
      if (error instanceof DuplicateKeyError) {
        throw conflict('username_taken', 'This user name is taken.', [{ field: 'username', message: 'is taken' }]);
      }
      throw error;
    }
    return user;
  }

  async me(caller: User) {
    const user = await this.directory.byId(caller.id);
    const tenant = (await this.tenants.get(caller.tenant)).slug;
    return user
      ? { ...showUser(user), tenant }
      : { id: caller.id, username: caller.username, role: caller.role, tenant };
  }

  async list(caller: User, page: Page): Promise<List<ReturnType<typeof showUser>>> {
    return listOf(await this.repository.list(caller.tenant, page.limit, page.skip, cursorId(page)), page, showUser);
  }

  async get(caller: User, id: string) {
    return showUser(await this.mustFind(caller, id));
  }

  /** @param address that wrong present passwords are counted for. */
  async update(caller: User, id: string, change: UserChange, address: string) {
    const user = await this.mustFind(caller, id);
    this.checkRole(caller, user.role);
    if (change.role) this.checkRole(caller, change.role);
    if (id === caller.id && (change.is_active === false || (change.role && change.role !== user.role))) {
      throw invalidField(change.role ? 'role' : 'is_active', 'of your own account is changed by another administrator');
    }
    await this.proveOwnPassword(caller, id, change, address);
    const { password, current_password: _proven, ...fields } = change;
    const set: Partial<UserDoc> = { ...defined(fields), updated_at: this.clock.now() };
    if (password !== undefined) set.password_hash = await this.passwords.hash(password);
    const endsTokens = password !== undefined || change.is_active === false;
    const changed = await this.repository.update(judgedByRole(user), set, endsTokens);
    this.directory.forget(id);
    if (!changed) throw changedMeanwhile();
    await this.audit.record(caller, 'UPDATE_USER', { user_id: id, fields: changedFields(change) });
    return showUser(changed);
  }

  /** With what features keep of them. */
  async delete(caller: User, id: string): Promise<void> {
    const user = await this.mustFind(caller, id);
    this.checkRole(caller, user.role);
    if (id === caller.id) throw invalidField('id', 'is your own account; another administrator has to delete it');
    // First nobody can use it any more, then what is kept of them goes: a deletion that was cut off can be repeated.
    const locked = await this.repository.update(judgedByRole(user), { is_active: false }, true);
    this.directory.forget(id);
    if (!locked) throw changedMeanwhile();
    await this.removal.forget(caller.tenant, id);
    if (!(await this.repository.delete(judgedByRole(user)))) throw changedMeanwhile();
    await this.audit.record(caller, 'DELETE_USER', { user_id: id, username: user.username });
  }

  /** A session that was left open, or a stolen token, must not be enough to take an account over. */
  private async proveOwnPassword(caller: User, id: string, change: UserChange, address: string): Promise<void> {
    const { password, current_password: current } = change;
    const isNeeded = id === caller.id && password !== undefined;
    if (isNeeded && current === undefined)
      throw invalidField('current_password', 'is required for a new password of your own');
    if (!isNeeded && current !== undefined)
      throw invalidField('current_password', 'is for a new password of your own account; remove it');
    if (current !== undefined) await this.logins.provePassword(caller, current, address);
  }

  private checkRole(caller: User, role: Role): void {
    if (!includesRole(caller.role, role))
      throw forbidden(`Your role ${caller.role} can not give or change the role ${role}.`);
  }

  private async mustFind(caller: User, id: string): Promise<UserDoc> {
    const user = await this.repository.byId(caller.tenant, id);
    if (!user) throw notFound('user', id);
    return user;
  }
}

/** Whoever may change a viewer may not change what has become an administrator meanwhile. */
function judgedByRole({ _id, tenant_id, role }: UserDoc) {
  return { _id, tenant_id, role };
}

function changedFields(change: UserChange): string[] {
  return Object.entries(change)
    .filter(([name, value]) => name !== 'current_password' && value !== undefined)
    .map(([name]) => name);
}

function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
