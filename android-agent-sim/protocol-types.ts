/** The bodies of the agent protocol, as they go over the wire. */

export interface Sim {
  slot: number;
  number?: string;
  carrier?: string;
}

export interface RegisterBody {
  device_id: string;
  label?: string;
  registration_secret?: string;
  tenant?: string;
  sims?: Sim[];
  app_version?: string;
}

export interface RegisterAnswer {
  status: string;
  agent_id: string;
  agent_token?: string;
}

export interface HeartbeatBody {
  status: 'online' | 'offline';
  battery_level?: number;
  signal?: number;
  app_version?: string;
  sims?: Sim[];
}

export interface Job {
  message_id: string;
  request_id?: string | null;
  to: string;
  text: string;
  /** What the text is cut into; the pace counts these. */
  segments?: number | null;
  priority?: string | null;
  schedule_at?: string | null;
  lease_id?: string | null;
  lease_expires_at?: string | null;
  sim_slot?: number | null;
}

export interface JobsAnswer {
  batch_id?: string;
  lease_seconds: number;
  rate_limit_per_min: number;
  messages: Job[];
}

export type ReportStatus = 'SENDING' | 'SENT' | 'DELIVERED' | 'FAILED';

export interface ReportError {
  code?: string;
  message: string;
}

export interface Report {
  message_id: string;
  status: ReportStatus;
  error?: ReportError;
  reported_at?: string;
  lease_id?: string;
}

export interface ReportResult {
  message_id: string;
  result: 'updated' | 'unchanged' | 'conflict' | 'unknown' | 'invalid';
  status?: string;
  allowed?: string[];
  /** Why an entry is invalid, which it would be again. */
  reason?: string;
  /** True when the status couldn't change any more, and the report was stored beside it. */
  recorded?: string;
}

export interface ReportAnswer {
  updated: number;
  results?: ReportResult[];
}

export interface InboundAnswer {
  results?: { result: 'stored' | 'duplicate' | 'invalid'; reason?: string }[];
}

export interface Inbound {
  from: string;
  to?: string;
  text: string;
  received_at: string;
  sim_slot?: number;
  external_id?: string;
}
