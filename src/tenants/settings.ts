import type { TenantId } from '../common/tenant-id.js';
import type { WorkingHours } from '../domain/working-hours.js';
import type { OwnWords, WordLanguage } from '../domain/opt-out-words.js';

/** How a known phone gets a new token: by the shared secret (as the source system does) or only with the old token as well. */
export type AgentRotation = 'secret' | 'old_token';

/** What a STOP holds for: everything of the tenant, or the sender that was written to. */
export type OptOutScope = 'tenant' | 'sender';

export interface Settings {
  org_name: string;
  default_country_prefix: string;
  /** Whose national numbers those are, where several countries share the calling code; null: of the one it is known for. */
  default_country: string | null;
  /** Short codes, and numbers that the plan of their country doesn't know, such as those of machines. */
  allow_short_codes: boolean;
  /** A zone of the IANA database: whose midnight begins the days of reports and of daily limits; null: of UTC. */
  time_zone: string | null;
  block_international: boolean;
  /** Texts abroad that are accepted on one day; null: no limit, 0: none. */
  max_per_day_international: number | null;
  anti_dup_minutes: number;
  max_text_length: number;
  message_ttl_hours: number;
  /** Segments per minute. */
  agent_rate_limit_per_min: number;
  /** The same for a phone that comes by another's app, and what each of its SIMs may send within an hour. */
  app_rate_limit_per_min: number;
  app_hourly_cap_per_sim: number;
  /** When phones send what isn't HIGH; null: always. */
  agent_hours: WorkingHours | null;
  agent_rotation: AgentRotation;
  opt_out_scope: OptOutScope;
  /** On top of ours. */
  opt_out_words: OwnWords;
  /** Whether a STOP is confirmed by a text. */
  opt_out_confirmation: boolean;
  /** By language; what isn't there is ours. `{org_name}` stands for the organisation's name. */
  opt_out_confirmation_texts: { readonly [L in WordLanguage]?: string | undefined };
  /** What people in masked conversations are told; the organisation's name is put in front. */
  session_start_msg: string;
  session_end_msg: string;
  /** To who writes to a number of the pool and is in no conversation there. */
  no_session_msg: string;
  /** To who has written what could not be passed on. */
  not_relayed_msg: string;
  /** What becomes of a text from somebody in no conversation: it's answered with `no_session_msg`, or the tenant's hook is asked. */
  on_unknown: 'reply' | 'webhook';
  /** The hook. */
  on_unknown_url: string | null;
  /** Whether people may make themselves an account, as members. */
  self_registration: boolean;
  /** What a segment costs, by route (`agent:agt_...`, `group:day`) or kind of route (`agent`); the exact route comes first. */
  segment_prices: Record<string, number>;
  /** Currency of the prices: ISO 4217. */
  currency: string | null;
  /** Days after which texts are removed; null: never. */
  blank_texts_after_days: number | null;
  /** The same for texts of masked conversations, sooner than those; null: as all texts, 0: as soon as they have gone out. */
  blank_relayed_texts_after_days: number | null;
  /** Days after which messages and their requests are removed; null: never. More than the days of the texts. */
  remove_messages_after_days: number | null;
  /** Days after which lines of the audit log are removed; null: never. */
  remove_audit_logs_after_days: number | null;
}

export interface SettingsDoc {
  _id: string;
  tenant_id: TenantId;
  /** Only the settings that the tenant has changed; all others come from the environment. */
  chosen: Partial<Settings>;
  /** Encrypted; an empty string: registration needs no secret; absent: the environment's (default tenant only). */
  registration_secret?: string;
  /** Encrypted; signs the calls to `on_unknown_url`. */
  on_unknown_secret?: string;
  updated_at: Date;
}
