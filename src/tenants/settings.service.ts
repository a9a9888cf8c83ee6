import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { conflict, invalidField } from '../common/errors.js';
import { HttpOut } from '../common/http-out/http-out.js';
import { newWebhookSecret } from '../common/http-out/webhook-signature.js';
import { sameSecret } from '../common/secrets.js';
import { SealedValues, type SealedValue } from '../common/sealed-values.js';
import { Sealer } from '../common/sealer.js';
import { ShortCache } from '../common/short-cache.js';
import { asTenantId, type TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import type { Scalar } from '../database/query.js';
import type { Zone } from '../domain/time.js';
import { checkCountry } from './check-country.js';
import { checkHours, checkZone } from './check-hours.js';
import { ownZone } from './own-zone.js';
import type { Settings, SettingsDoc } from './settings.js';
import { SettingsRepository } from './settings.repository.js';
import { DEFAULT_TENANT } from './tenant.js';
import { TenantsService } from './tenants.service.js';

type Changes = { [K in keyof Settings]?: Settings[K] | null };
/** Null: a new one is made. */
type NewSecret = { on_unknown_secret?: string | null };
type Known = Pick<SettingsDoc, 'chosen' | 'registration_secret' | 'on_unknown_secret'>;

/** Segments that an app on somebody's phone sends by a SIM unless told otherwise. */
const APP_PACE = { perMinute: 10, perHour: 200 };

/** A tenant's settings; the environment gives the defaults. */
@Injectable()
export class SettingsService {
  private readonly known = new ShortCache<Known>(
    async (tenant) => (await this.repository.get(asTenantId(tenant))) ?? { chosen: {} },
  );

  constructor(
    private readonly repository: SettingsRepository,
    private readonly tenants: TenantsService,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly httpOut: HttpOut,
    sealedValues: SealedValues,
  ) {
    const replace = (old: SealedValue, sealed: string) => repository.replaceSealed(old, sealed);
    const registration = () => repository.sealed('registration_secret');
    const hooks = () => repository.sealed('on_unknown_secret');
    sealedValues.register({ name: 'registration secrets', read: registration, replace });
    sealedValues.register({ name: 'secrets of hooks', read: hooks, replace });
  }

  async get(tenant: TenantId): Promise<Settings> {
    const { chosen } = (await this.known.get(tenant))!;
    return { ...this.defaults(), ...chosen };
  }

  /** The zone of the tenant's days. */
  async zone(tenant: TenantId): Promise<Zone> {
    return ownZone(await this.get(tenant));
  }

  /** A secret that was made is in the answer, this once. @throws ApiError 400 for settings that contradict each other. */
  async change(tenant: TenantId, given: Changes & NewSecret): Promise<Settings & { on_unknown_secret?: string }> {
    const { on_unknown_secret: secret, ...changes } = given;
    const { chosen: stored, on_unknown_secret: was = null } = (await this.known.get(tenant))!;
    const seen = { ...this.defaults(), ...stored };
    checkDays({ ...seen, ...changes }, changes);
    this.checkHome(stored, changes);
    checkZone('time_zone', changes.time_zone);
    checkHours('agent_hours', changes.agent_hours);
    this.checkHook({ ...seen, ...changes }, changes);
    const isMissing = changes.on_unknown === 'webhook' && was === null && secret === undefined;
    const made = secret === null || isMissing ? newWebhookSecret() : undefined;
    const next = secret ?? made;
    const sealed = next === undefined ? undefined : { was, sealed: this.sealer.seal(next) };
    const chosen = await this.repository.choose(tenant, changes, this.clock.now(), relatedOf(stored), sealed);
    this.known.forget(tenant);
    // Another change of these settings was faster, here or in another gateway.
    if (!chosen) return this.change(tenant, given);
    return { ...(await this.get(tenant)), ...(made ? { on_unknown_secret: made } : {}) };
  }

  /** Signs the calls to `on_unknown_url`; null: there is none. */
  async unknownSecret(tenant: TenantId): Promise<string | null> {
    const { on_unknown_secret: sealed } = (await this.known.get(tenant))!;
    return sealed ? this.sealer.open(sealed) : null;
  }

  /** An empty string means that phones register without a secret. */
  async registrationSecret(tenant: TenantId): Promise<string> {
    const { registration_secret: stored } = (await this.known.get(tenant))!;
    if (stored !== undefined) return stored === '' ? '' : this.sealer.open(stored);
    const isDefault = (await this.tenants.idOf(DEFAULT_TENANT)) === tenant;
    return isDefault ? (this.config.AGENT_REGISTRATION_SECRET ?? '').trim() : '';
  }

  /**
   * Whose registration secret it is: an app of others sends nothing else that names a tenant. Null: nobody's, or of several, so that none
   * can be meant. Opens every tenant's secret, some microseconds each, so callers take turns.
   */
  async tenantByRegistrationSecret(secret: string): Promise<TenantId | null> {
    const owners = await this.ownersOf(secret);
    return owners.length === 1 ? owners[0]! : null;
  }

  private async ownersOf(secret: string): Promise<TenantId[]> {
    const owners: TenantId[] = [];
    for await (const page of this.repository.registrationSecrets())
      for (const doc of page)
        if (sameSecret(this.sealer.open(doc.registration_secret!), secret)) owners.push(doc.tenant_id);
    const first = await this.tenants.idOf(DEFAULT_TENANT);
    const isFirst = !owners.includes(first) && sameSecret(await this.registrationSecret(first), secret);
    return isFirst ? [...owners, first] : owners;
  }

  /** @throws ApiError 409 when it is another tenant's, since phones are known to be a tenant's by it alone. */
  async setRegistrationSecret(tenant: TenantId, secret: string): Promise<void> {
    if (secret !== '' && (await this.ownersOf(secret)).some((owner) => owner !== tenant))
      throw conflict('secret_taken', 'Choose another registration secret: this one can’t be used here.', [
        { field: 'registration_secret', message: 'must be used nowhere else; 32 random characters are best' },
      ]);
    const sealed = secret === '' ? '' : this.sealer.seal(secret);
    await this.repository.setRegistrationSecret(tenant, sealed, this.clock.now());
    this.known.forget(tenant);
  }

  /** The environment's country counts only with its own calling code, so it contradicts no tenant's. */
  private checkHome(stored: Partial<Settings>, changes: Changes): void {
    const chosen = { ...stored, ...changes };
    if (changes.default_country_prefix !== undefined || changes.default_country)
      checkCountry(chosen.default_country_prefix ?? this.config.DEFAULT_COUNTRY_PREFIX, chosen.default_country);
  }

  private checkHook({ on_unknown: on, on_unknown_url: url }: Changes, changes: Changes): void {
    if (on === 'webhook' && !url)
      throw invalidField('on_unknown_url', 'is required while on_unknown is webhook: the URL that is asked');
    const problem = changes.on_unknown_url ? this.httpOut.problemOf(changes.on_unknown_url) : null;
    if (problem) throw invalidField('on_unknown_url', problem);
  }

  private defaults(): Settings {
    const { config } = this;
    return {
      org_name: config.ORG_NAME ?? config.APP_NAME,
      default_country_prefix: config.DEFAULT_COUNTRY_PREFIX,
      default_country: config.DEFAULT_COUNTRY ?? null,
      allow_short_codes: false,
      time_zone: null,
      block_international: config.BLOCK_INTERNATIONAL,
      max_per_day_international: null,
      anti_dup_minutes: config.ANTI_DUP_MINUTES,
      max_text_length: config.MAX_TEXT_LENGTH,
      message_ttl_hours: config.MESSAGE_TTL_HOURS,
      agent_rate_limit_per_min: config.AGENT_RATE_LIMIT_PER_MIN,
      app_rate_limit_per_min: APP_PACE.perMinute,
      app_hourly_cap_per_sim: APP_PACE.perHour,
      agent_hours: null,
      agent_rotation: 'secret',
      opt_out_scope: 'tenant',
      opt_out_words: {},
      opt_out_confirmation: true,
      opt_out_confirmation_texts: {},
      session_start_msg: config.SESSION_START_MSG,
      session_end_msg: config.SESSION_END_MSG,
      no_session_msg: config.NO_SESSION_MSG,
      not_relayed_msg: 'Your message could not be delivered.',
      on_unknown: 'reply',
      on_unknown_url: null,
      self_registration: false,
      segment_prices: {},
      currency: null,
      blank_texts_after_days: null,
      blank_relayed_texts_after_days: null,
      remove_messages_after_days: null,
      remove_audit_logs_after_days: null,
    };
  }
}

/** What contradicts other settings, or is contradicted, as it is stored. */
function relatedOf(stored: Partial<Settings>): Record<string, Scalar> {
  const related = ['blank_texts_after_days', 'remove_messages_after_days', 'on_unknown', 'on_unknown_url'] as const;
  return Object.fromEntries(related.map((name) => [name, stored[name] ?? null]));
}

function checkDays(
  { blank_texts_after_days: blank, remove_messages_after_days: remove }: Changes,
  changes: object,
): void {
  if (typeof blank !== 'number' || typeof remove !== 'number' || blank < remove) return;
  if ('blank_texts_after_days' in changes)
    throw invalidField('blank_texts_after_days', `must be less than remove_messages_after_days (${remove})`);
  throw invalidField('remove_messages_after_days', `must be more than blank_texts_after_days (${blank})`);
}
