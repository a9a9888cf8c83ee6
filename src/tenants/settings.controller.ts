import { Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditService } from '../audit/audit.service.js';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { ValidBody } from '../common/http/parameters.js';
import { ChangeSettingsDto } from './dto/change-settings.dto.js';
import { SettingsService } from './settings.service.js';
import { Answers } from '../common/http/answers.js';
import { SettingsAnswer } from './tenant-answers.js';

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
  @ApiOperation({ summary: "Change the tenant's settings; null resets a setting to its default" })
  @Answers(SettingsAnswer)
  async change(@Caller() caller: User, @ValidBody() body: ChangeSettingsDto) {
    const settings = await this.settings.change(caller.tenant, body);
    const { on_unknown_secret: secret, ...changes } = body;
    const told = secret === undefined && !settings.on_unknown_secret ? {} : { on_unknown_secret: 'changed' };
    await this.audit.record(caller, 'UPDATE_SETTINGS', { changes: { ...changes, ...told } });
    return settings;
  }
}
