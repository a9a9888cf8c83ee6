import { Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type, type Static } from 'typebox';
import { AuditService } from '../audit/audit.service.js';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { ValidBody } from '../common/http/parameters.js';
import { Like, Nullable, Strict } from '../common/schema.js';
import { SettingsService } from './settings.service.js';
import { Answers } from '../common/http/answers.js';
import { SettingsAnswer } from './tenant-answers.js';

const choice = <S extends Parameters<typeof Nullable>[0]>(schema: S) => Type.Optional(Nullable(schema));
/** A route, or a kind of route. */
const PRICED =
  '^(agent|group|carrier|agent:agt_[0-9a-z]{26}|group:[a-z0-9][a-z0-9_-]{0,39}|carrier:[a-z0-9][a-z0-9-]{0,39})$';
const SettingsChange = Like(
  Strict({
    org_name: choice(Type.String({ minLength: 1, maxLength: 100 })),
    default_country_prefix: choice(
      Type.String({ pattern: '^\\+[1-9]\\d{0,2}$', title: 'must be a calling code such as +84' }),
    ),
    block_international: choice(Type.Boolean()),
    anti_dup_minutes: choice(Type.Integer({ minimum: 0, maximum: 10_080 })),
    max_text_length: choice(Type.Integer({ minimum: 1, maximum: 10_000 })),
    message_ttl_hours: choice(Type.Integer({ minimum: 1, maximum: 720 })),
    agent_rate_limit_per_min: choice(Type.Integer({ minimum: 1 })),
    agent_rotation: choice(Type.Enum(['secret', 'old_token'])),
    segment_prices: choice(
      Type.Record(Type.String({ pattern: PRICED }), Type.Number({ minimum: 0, maximum: 1_000_000 }), {
        additionalProperties: false,
        maxProperties: 1000,
        description:
          'The price of a segment by route (agent:agt_..., group:day, carrier:twilio) or kind of route (agent).',
      }),
    ),
    blank_texts_after_days: choice(
      Type.Integer({
        minimum: 1,
        maximum: 3650,
        description: 'Texts go so many days after their message was accepted.',
      }),
    ),
    remove_messages_after_days: choice(
      Type.Integer({
        minimum: 8,
        maximum: 3650,
        description: 'Messages go so many days after they were accepted; duplicates are looked for up to 7 days back.',
      }),
    ),
    currency: choice(Type.String({ pattern: '^[A-Z]{3}$', title: 'must be a code of ISO 4217 such as VND' })),
  }),
  {
    org_name: 'SafeShop',
    anti_dup_minutes: 10,
    message_ttl_hours: null,
    segment_prices: { agent: 250 },
    currency: 'VND',
  },
);

@ApiTags('settings')
@Controller('admin/settings')
@Allow({ role: 'admin' })
export class SettingsController {
  constructor(
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
  ) {}

  @Get()
  @ApiOperation({ summary: "Show the tenant's settings" })
  @Answers(SettingsAnswer)
  get(@Caller() caller: User) {
    return this.settings.get(caller.tenant);
  }

  @Put()
  @ApiOperation({ summary: "Change the tenant's settings; null takes a choice back" })
  @Answers(SettingsAnswer)
  async change(@Caller() caller: User, @ValidBody(SettingsChange) body: Static<typeof SettingsChange>) {
    const settings = await this.settings.change(caller.tenant, body as Parameters<SettingsService['change']>[1]);
    await this.audit.record(caller, 'UPDATE_SETTINGS', { changes: body });
    return settings;
  }
}
