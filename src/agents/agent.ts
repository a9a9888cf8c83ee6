import type { TenantId } from '../common/tenant-id.js';
import type { WorkingHours } from '../domain/working-hours.js';
import type { RotationCode } from './rotation-code.js';
import { simsOf, type SimCaps, type ToldSim } from './sims.js';

/** Apps of others that are served, each by a surface of its own. They send without asking first. */
export const AGENT_APPS = ['smsgate', 'cht'] as const;
export type AgentApp = (typeof AGENT_APPS)[number];

/** What the phone tells of itself. Heartbeats and registrations write these fields, and nobody else does. */
interface ToldByPhone {
  /** The phone's own id, unique in its tenant. */
  device_id: string;
  /** Whose protocol it speaks, where it isn't ours. */
  app?: AgentApp;
  label: string | null;
  status: string;
  sims: ToldSim[];
  battery_level: number | null;
  signal: number | null;
  app_version: string | null;
  last_seen_at: Date | null;
  /** When it last asked for something to send. */
  last_asked_at?: Date | null;
  /** Digests of the settings and of the webhooks that its app was given last; absent until it has asked. */
  app_settings?: string;
  app_webhooks?: string;
}

/** What an administrator sets, in fields that no phone writes: what a phone tells meanwhile, or tells anew, takes nothing of it back. */
interface SetByAdministrator {
  /** Shown in place of the phone's own. */
  given_label?: string | null;
  groups: string[];
  /** Segments per day, and within an hour. */
  sim_caps?: SimCaps;
  sim_hourly_caps?: SimCaps;
  /** In segments. Null: the tenant's setting. */
  rate_limit_per_min: number | null;
  /** Of all SIMs together, in segments. Null: none. */
  daily_cap: number | null;
  /** Null: none; of an app's phone that tells of no SIMs, the tenant's setting for a SIM. */
  hourly_cap?: number | null;
  /** Null: the tenant's setting. */
  hours?: WorkingHours | null;
  unregister_reason: string | null;
  /** Lets the device get a new token once. */
  rotation_code?: RotationCode;
}

export interface AgentDoc extends ToldByPhone, SetByAdministrator {
  _id: string;
  tenant_id: TenantId;
  is_active: boolean;
  /** SHA-256 of its token; absent once it is unregistered. */
  token_hash?: string;
  /** When it last got a new token in place of another, and from which address it got the one it has; null when none is known. */
  rotated_at?: Date | null;
  registered_from?: string | null;
  created_at: Date;
  updated_at: Date;
}

/** Online, offline or unregistered: what it said, unless it was silent for too long. */
export function agentStatus(
  agent: Pick<AgentDoc, 'is_active' | 'status' | 'last_seen_at'>,
  now: Date,
  onlineSeconds: number,
): string {
  if (!agent.is_active) return 'unregistered';
  const silent = !agent.last_seen_at || now.getTime() - agent.last_seen_at.getTime() > onlineSeconds * 1000;
  return silent ? 'offline' : agent.status;
}

export function isOnline(status: string): boolean {
  return status !== 'offline' && status !== 'unregistered';
}

export function showAgent(agent: AgentDoc, now: Date, onlineSeconds: number) {
  const {
    _id,
    tenant_id: _tenant,
    token_hash: _hash,
    rotation_code: _code,
    app_settings: _settings,
    app_webhooks: _webhooks,
    given_label,
    sim_caps: _caps,
    sim_hourly_caps: _hourly,
    ...rest
  } = agent;
  const status = agentStatus(agent, now, onlineSeconds);
  return {
    id: _id,
    agent_id: _id,
    ...rest,
    app: agent.app ?? null,
    label: given_label ?? agent.label,
    sims: simsOf(agent),
    hourly_cap: agent.hourly_cap ?? null,
    hours: agent.hours ?? null,
    last_asked_at: agent.last_asked_at ?? null,
    rotated_at: agent.rotated_at ?? null,
    registered_from: agent.registered_from ?? null,
    status,
    online: isOnline(status),
  };
}
export type ShownAgent = ReturnType<typeof showAgent>;
