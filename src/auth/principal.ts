import type { TenantId } from '../common/tenant-id.js';

/** Strongest first. `member` is outside this order: it allows only a user's own preferences and notifications. */
export const ROLES = ['platform_admin', 'admin', 'operator', 'viewer', 'member'] as const;
export type Role = (typeof ROLES)[number];

/**
 * `sub` of a user whose token was signed elsewhere (`auth0|abc`). It must not begin like the id of a key or a phone, nor be the gateway's
 * own name: otherwise the audit log and the histories would show their actions as actions of that key, that phone or the gateway.
 */
export const SUBJECT = /^(?!key_|agt_|system$)\P{Cc}{1,255}$/u;

export const SCOPES = [
  'sms:send',
  'sms:read',
  'sms:send_text',
  'proxy:manage',
  'notify:send',
  'webhooks:manage',
] as const;
export type Scope = (typeof SCOPES)[number];

export interface User {
  kind: 'user';
  id: string;
  tenant: TenantId;
  username: string;
  role: Role;
  /** The account's version at login; a new password increments it. Absent for a token signed elsewhere. */
  version?: number;
}
export interface Client {
  kind: 'client';
  id: string;
  tenant: TenantId;
  name: string;
  scopes: readonly Scope[];
  /** Messages per day. */
  dailyLimit: number;
}
export interface Agent {
  kind: 'agent';
  id: string;
  tenant: TenantId;
}
/** The caller and its tenant. */
export type Principal = User | Client | Agent;

/** Whether `holder` may do everything that `needed` may, and so may grant that role. */
export function includesRole(holder: Role, needed: Role): boolean {
  return ROLES.indexOf(holder) <= ROLES.indexOf(needed);
}

export function isRole(text: unknown): text is Role {
  return ROLES.includes(text as Role);
}
