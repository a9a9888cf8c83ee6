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
  }),
  { org_name: 'SafeShop', anti_dup_minutes: 10, message_ttl_hours: null },
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
