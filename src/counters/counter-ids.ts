import { createHash } from 'node:crypto';
import type { TenantId } from '../common/tenant-id.js';

// All kinds of counters share one collection: each id begins with its kind.

/** Id of the counter of a submitter's messages on one day of its tenant's zone. */
export function dailyCountId(clientId: string, day: string): string {
  return `limit:${clientId}:${day}`;
}

/** Id of the count of a tenant's texts abroad on one UTC day. */
export function destinationCountId(tenant: TenantId, day: string): string {
  return `abroad:${tenant}:${day}`;
}

export function destinationAlarmId(tenant: TenantId, day: string, destination: string): string {
  return `abroad_alarm:${tenant}:${day}:${destination}`;
}

export function paceId(agentId: string): string {
  return `pace:${agentId}`;
}

/** Id of a code with which a phone registers; by the code alone, since the phone names no tenant. */
export function registrationCodeId(code: string): string {
  return `code:${createHash('sha256').update(code).digest('base64url')}`;
}

/** Id of the counter of a tenant's calls to a carrier on one UTC day. */
export function callCountId(tenant: TenantId, carrier: string, day: string): string {
  return `calls:${tenant}:${carrier}:${day}`;
}

/** Contains the caller, because two callers may choose the same Idempotency-Key. */
export function idempotencyId(tenant: TenantId, principalId: string, key: string): string {
  return `idem:${tenant}:${principalId}:${createHash('sha256').update(key).digest('base64url')}`;
}
