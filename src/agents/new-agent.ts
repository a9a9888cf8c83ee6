import { newId } from '../common/ids.js';
import { hashSecret, newSecret } from '../common/secrets.js';
import type { TenantId } from '../common/tenant-id.js';
import type { AgentApp, AgentDoc } from './agent.js';
import { toldSims, type ReportedSim } from './sims.js';

export interface Newcomer {
  /** Absent: a new one is made. */
  id?: string;
  tenant: TenantId;
  /** Absent: the phone has none that it could be known by again. */
  deviceId?: string;
  app?: AgentApp;
  label: string | null;
  /** By whoever asked for it, in place of the phone's own label. */
  givenLabel?: string | null;
  groups?: readonly string[];
  sims: readonly ReportedSim[];
  appVersion: string | null;
  /** From which it registers. Null: somebody else does that for it, and it wasn't heard of yet. */
  address: string | null;
}

/** A phone that was never seen before, and its token, which is stored nowhere. */
export function newAgent(newcomer: Newcomer, now: Date): { agent: AgentDoc; token: string } {
  const token = newSecret('tla');
  const _id = newcomer.id ?? newId('agt');
  const agent: AgentDoc = {
    _id,
    tenant_id: newcomer.tenant,
    device_id: newcomer.deviceId ?? _id,
    ...(newcomer.app ? { app: newcomer.app } : {}),
    label: newcomer.label,
    is_active: true,
    status: 'online',
    token_hash: hashSecret(token),
    rotated_at: null,
    registered_from: newcomer.address,
    groups: [...(newcomer.groups ?? [])],
    sims: toldSims(newcomer.sims),
    given_label: newcomer.givenLabel ?? null,
    sim_caps: {},
    rate_limit_per_min: null,
    daily_cap: null,
    hourly_cap: null,
    battery_level: null,
    signal: null,
    app_version: newcomer.appVersion,
    last_seen_at: newcomer.address === null ? null : now,
    unregister_reason: null,
    created_at: now,
    updated_at: now,
  };
  return { agent, token };
}
