import type { TenantId } from '../common/tenant-id.js';

export interface Sim {
  slot: number;
  number: string | null;
  carrier: string | null;
  /** Texts per UTC day; null: no cap. */
  daily_cap: number | null;
}

export interface AgentDoc {
  _id: string;
  tenant_id: TenantId;
  /** The phone's own id, unique in its tenant. */
  device_id: string;
  label: string | null;
  is_active: boolean;
  /** What the phone last said of itself. */
  status: string;
  /** SHA-256 of its token; absent once it is unregistered. */
  token_hash?: string;
  groups: string[];
  sims: Sim[];
  /** Null: the tenant's setting. */
  rate_limit_per_min: number | null;
  daily_cap: number | null;
  battery_level: number | null;
  signal: number | null;
  app_version: string | null;
  last_seen_at: Date | null;
  unregister_reason: string | null;
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

export function showAgent(agent: AgentDoc, now: Date, onlineSeconds: number) {
  const { _id, tenant_id: _tenant, token_hash: _hash, ...rest } = agent;
  const status = agentStatus(agent, now, onlineSeconds);
  return { id: _id, agent_id: _id, ...rest, status, online: status !== 'offline' && status !== 'unregistered' };
}
export type ShownAgent = ReturnType<typeof showAgent>;
