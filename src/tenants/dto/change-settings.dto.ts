import { IsBoolean, IsIn, IsInt, IsOptional, Length, Matches, Max, Min } from 'class-validator';
import { WEBHOOK_SECRET } from '../../common/http-out/webhook-signature.js';
import { Describe, Example, IsDto } from '../../common/dto/decorators.js';
import { NotBlank } from '../../common/dto/field-types.js';
import type { OwnWords } from '../../domain/opt-out-words.js';
import type { AgentRotation, OptOutScope, Settings } from '../settings.js';
import { IsConfirmationTexts, IsOptOutWords } from './opt-out-settings.js';
import { IsSegmentPrices } from './segment-prices.js';
import { WorkingHoursDto } from './working-hours.dto.js';

/** Null resets a setting to its default. */
@Example({
  org_name: 'SafeShop',
  anti_dup_minutes: 10,
  message_ttl_hours: null,
  segment_prices: { agent: 250 },
  currency: 'VND',
})
export class ChangeSettingsDto implements Partial<{ [K in keyof Settings]: Settings[K] | null }> {
  @IsOptional()
  @Length(1, 100)
  org_name?: string | null;

  @IsOptional()
  @Matches(/^\+[1-9]\d{0,2}$/u, { message: 'must be a calling code such as +84' })
  default_country_prefix?: string | null;

  @IsOptional()
  @Matches(/^[A-Z]{2}$/u, { message: 'must be a country such as CA (ISO 3166)' })
  @Describe('Whose national numbers are read, where several countries share default_country_prefix: CA with +1.')
  default_country?: string | null;

  @IsOptional()
  @IsBoolean()
  @Describe(
    'Takes short codes (three to six digits, sent to as they are), and numbers with a country code that its plan doesn’t know, as machines have.',
  )
  allow_short_codes?: boolean | null;

  @IsOptional()
  @NotBlank(64)
  @Describe(
    'A name of the IANA database such as Asia/Ho_Chi_Minh: its midnight begins the days of reports, exports, searches and daily limits; null: UTC.',
  )
  time_zone?: string | null;

  @IsOptional()
  @IsBoolean()
  block_international?: boolean | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000_000)
  @Describe('Texts to numbers abroad that are accepted on a day; null: no limit, 0: none.')
  max_per_day_international?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_080)
  anti_dup_minutes?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  max_text_length?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(720)
  message_ttl_hours?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Describe('Segments per minute that a phone is given, unless it has a pace of its own.')
  agent_rate_limit_per_min?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Describe('The same for a phone that comes by another’s app.')
  app_rate_limit_per_min?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Describe('Segments within an hour by each SIM of a phone that comes by another’s app; 0: nothing leaves.')
  app_hourly_cap_per_sim?: number | null;

  @IsOptional()
  @IsDto(WorkingHoursDto)
  @Describe('When phones without hours of their own are given what isn’t HIGH; null: always.')
  agent_hours?: WorkingHoursDto | null;

  @IsOptional()
  @IsIn(['secret', 'old_token'])
  agent_rotation?: AgentRotation | null;

  @IsOptional()
  @IsIn(['tenant', 'sender'])
  @Describe('What a STOP holds for: every text of the tenant, or those of the sender that was written to.')
  opt_out_scope?: OptOutScope | null;

  @IsOptional()
  @IsOptOutWords()
  @Describe('Words that stop, start or ask for help, on top of the English and Vietnamese ones.')
  opt_out_words?: OwnWords | null;

  @IsOptional()
  @IsBoolean()
  @Describe('Whether a STOP is confirmed by a text.')
  opt_out_confirmation?: boolean | null;

  @IsOptional()
  @IsConfirmationTexts()
  @Describe('The text that confirms a STOP, by language; {org_name} stands for the name of the organisation.')
  opt_out_confirmation_texts?: Settings['opt_out_confirmation_texts'] | null;

  @IsOptional()
  @Length(1, 300)
  @Describe('Told to everybody when a masked conversation begins; the name of the organisation is put in front.')
  session_start_msg?: string | null;

  @IsOptional()
  @Length(1, 300)
  @Describe('Told to everybody when a masked conversation ends.')
  session_end_msg?: string | null;

  @IsOptional()
  @Length(1, 300)
  @Describe('Told to who writes to a number of the pool and is in no conversation there.')
  no_session_msg?: string | null;

  @IsOptional()
  @Length(1, 300)
  @Describe('Told to who has written something in a masked conversation that could not be passed on.')
  not_relayed_msg?: string | null;

  @IsOptional()
  @IsIn(['reply', 'webhook'])
  @Describe(
    'What becomes of a text to a number of the pool from somebody in no conversation there: reply (the default) answers with no_session_msg, webhook asks on_unknown_url whether a conversation is to begin.',
  )
  on_unknown?: Settings['on_unknown'] | null;

  @IsOptional()
  @Length(1, 2000)
  @Describe(
    'Called by POST with the text, signed as Standard Webhooks has it. 200 with {"participants": [{"address": "+84901234567"}]} begins a conversation in which the writer keeps the number written to; 204 or {} answers with no_session_msg.',
  )
  on_unknown_url?: string | null;

  @IsOptional()
  @Matches(WEBHOOK_SECRET, { message: 'must be whsec_ and 24 to 64 bytes in base64' })
  @Describe(
    'Signs the calls to on_unknown_url; never shown. Null, or on_unknown without one, makes a new one, which the answer shows this once.',
  )
  on_unknown_secret?: string | null;

  @IsOptional()
  @IsBoolean()
  @Describe('Whether people may make themselves an account with the role member (POST /auth/register).')
  self_registration?: boolean | null;

  @IsOptional()
  @IsSegmentPrices()
  @Describe('The price of a segment by route (agent:agt_..., group:day, carrier:twilio) or kind of route (agent).')
  segment_prices?: Record<string, number> | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3650)
  @Describe(
    'Texts of messages, and texts and bad lines of imports, are removed this many days after they were accepted.',
  )
  blank_texts_after_days?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(3650)
  @Describe(
    'The same for texts of masked conversations, received and relayed, where it comes sooner; 0: within the hour after they have gone out; null: as all texts.',
  )
  blank_relayed_texts_after_days?: number | null;

  @IsOptional()
  @IsInt()
  @Min(8)
  @Max(3650)
  @Describe(
    'Messages, requests and imports are removed this many days after they were accepted; the duplicate check looks back up to 7 days.',
  )
  remove_messages_after_days?: number | null;

  @IsOptional()
  @IsInt()
  @Min(30)
  @Max(3650)
  @Describe(
    'Audit log lines are removed after this many days. At least 30, so that the line about shortening it stays visible for a month.',
  )
  remove_audit_logs_after_days?: number | null;

  @IsOptional()
  @Matches(/^[A-Z]{3}$/u, { message: 'must be a code of ISO 4217 such as VND' })
  currency?: string | null;
}
