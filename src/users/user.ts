import type { Role, User } from '../auth/principal.js';
import { conflict } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';

export interface UserDoc {
  _id: string;
  tenant_id: TenantId;
  /** Unique in the installation, compared in lower case. */
  username: string;
  role: Role;
  password_hash: string;
  /** Part of every token of ours; raised by a new password and by disabling, which ends them. */
  token_version: number;
  is_active: boolean;
  email: string | null;
  phone: string | null;
  created_at: Date;
  updated_at: Date;
}

export function showUser(user: UserDoc) {
  const { _id, tenant_id: _tenant, password_hash: _hash, token_version: _version, ...rest } = user;
  return { id: _id, ...rest };
}

export function asPrincipal({ _id, tenant_id, username, role, token_version }: UserDoc): User {
  return { kind: 'user', id: _id, tenant: tenant_id, username, role, version: token_version };
}

export function changedMeanwhile() {
  return conflict('user_changed', 'The user was changed meanwhile. Read it again and repeat the call.');
}

export function normalizeUsername(username: string): string {
  return username.trim().normalize('NFC').toLowerCase();
}
