import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { invalidField } from '../common/errors.js';
import { SealedValues } from '../common/sealed-values.js';
import { Sealer } from '../common/sealer.js';
import { ShortCache } from '../common/short-cache.js';
import { asTenantId, type TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import type { Settings, SettingsDoc } from './settings.js';
import { SettingsRepository } from './settings.repository.js';
import { DEFAULT_TENANT } from './tenant.js';
import { TenantsService } from './tenants.service.js';

type Changes = { [K in keyof Settings]?: Settings[K] | null };
type Known = Pick<SettingsDoc, 'chosen' | 'registration_secret'>;

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
    sealedValues: SealedValues,
  ) {
    sealedValues.register({
      name: 'registration secrets',
      read: () => repository.sealedSecrets(),
      replace: (old, sealed) => repository.replaceSealed(old, sealed),
    });
  }

  async get(tenant: TenantId): Promise<Settings> {
    const { chosen } = (await this.known.get(tenant))!;
    return { ...this.defaults(), ...chosen };
  }

  /** @throws ApiError 400 for settings that contradict each other. */
  async change(tenant: TenantId, changes: Changes): Promise<Settings> {
    const seen = await this.get(tenant);
    checkDays({ ...seen, ...changes }, changes);
    const chosen = await this.repository.choose(tenant, changes, this.clock.now(), daysOf(seen));
    this.known.forget(tenant);
    // Another change of these settings was faster, here or in another gateway.
    return chosen ? this.get(tenant) : this.change(tenant, changes);
  }

  /** An empty string means that phones register without a secret. */
  async registrationSecret(tenant: TenantId): Promise<string> {
    const { registration_secret: stored } = (await this.known.get(tenant))!;
    if (stored !== undefined) return stored === '' ? '' : this.sealer.open(stored);
    const isDefault = (await this.tenants.idOf(DEFAULT_TENANT)) === tenant;
    return isDefault ? (this.config.AGENT_REGISTRATION_SECRET ?? '').trim() : '';
  }

  async setRegistrationSecret(tenant: TenantId, secret: string): Promise<void> {
    const sealed = secret === '' ? '' : this.sealer.seal(secret);
    await this.repository.setRegistrationSecret(tenant, sealed, this.clock.now());
    this.known.forget(tenant);
  }

  private defaults(): Settings {
    const { config } = this;
    return {
      org_name: config.ORG_NAME ?? config.APP_NAME,
      default_country_prefix: config.DEFAULT_COUNTRY_PREFIX,
      block_international: config.BLOCK_INTERNATIONAL,
      max_per_day_international: null,
      anti_dup_minutes: config.ANTI_DUP_MINUTES,
      max_text_length: config.MAX_TEXT_LENGTH,
      message_ttl_hours: config.MESSAGE_TTL_HOURS,
      agent_rate_limit_per_min: config.AGENT_RATE_LIMIT_PER_MIN,
      agent_rotation: 'secret',
      opt_out_scope: 'tenant',
      opt_out_words: {},
      opt_out_confirmation: true,
      opt_out_confirmation_texts: {},
      session_start_msg: config.SESSION_START_MSG,
      session_end_msg: config.SESSION_END_MSG,
      no_session_msg: config.NO_SESSION_MSG,
      not_relayed_msg: 'Your message could not be delivered.',
      segment_prices: {},
      currency: null,
      blank_texts_after_days: null,
      remove_messages_after_days: null,
      remove_audit_logs_after_days: null,
    };
  }
}

function daysOf({ blank_texts_after_days, remove_messages_after_days }: Settings) {
  return { blank_texts_after_days, remove_messages_after_days };
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
