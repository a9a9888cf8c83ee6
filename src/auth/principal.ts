import type { TenantId } from '../common/tenant-id.js';

/** Strongest first. `member` is beside the others: own preferences and notifications only. */
export const ROLES = ['platform_admin', 'admin', 'operator', 'viewer', 'member'] as const;
export type Role = (typeof ROLES)[number];

/**
 * `sub` of a user whose token was signed elsewhere (`auth0|abc`). Not what begins like the id of a key or a phone: everything that
 * they did would be told of that key or phone.
 */
export const SUBJECT = /^(?!key_|agt_)\P{Cc}{1,255}$/u;

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
  /** Of the account when they proved who they are: another password raises it. Absent for a token signed elsewhere. */
  version?: number;
}
export interface Client {
  kind: 'client';
  id: string;
  tenant: TenantId;
  name: string;
  scopes: readonly Scope[];
  /** Messages per UTC day. */
  dailyLimit: number;
}
export interface Agent {
  kind: 'agent';
  id: string;
  tenant: TenantId;
}
/** Who is calling, and for which tenant. */
export type Principal = User | Client | Agent;

/** Whether `holder` may do what `needed` may, and may give it to others. */
export function includesRole(holder: Role, needed: Role): boolean {
  return ROLES.indexOf(holder) <= ROLES.indexOf(needed);
}

export function isRole(text: unknown): text is Role {
  return ROLES.includes(text as Role);
}
