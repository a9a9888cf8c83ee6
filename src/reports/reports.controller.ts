import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'typebox';
import { ApiKeyUsage } from '../api-keys/api-key-usage.js';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import { Answers } from '../common/http/answers.js';
import { ValidQuery } from '../common/http/parameters.js';
import type { Submitter } from '../messages/messages.service.js';
import { SummaryQuery } from './dto/summary.query.js';
import { KeyUsage, SummaryRow } from './report-answers.js';
import { SummaryService } from './summary.service.js';

@ApiTags('reports')
@Controller('reports')
@Allow({ role: 'viewer', scopes: ['sms:read'] })
export class ReportsController {
  constructor(
    private readonly summaries: SummaryService,
    private readonly usages: ApiKeyUsage,
  ) {}

  @Get('summary')
  @Answers(Type.Array(SummaryRow))
  @ApiOperation({
    summary: 'Count messages by day, hour, agent, client, template or route: a key its own, a user the tenant’s',
  })
  summary(@Caller() caller: Submitter, @ValidQuery() query: SummaryQuery) {
    return this.summaries.summary(caller, query);
  }

  @Get('usage')
  @Answers(Type.Array(KeyUsage))
  @ApiOperation({ summary: "Show each key's messages of today against its daily limit: a key its own, a user all" })
  usage(@Caller() caller: Submitter) {
    return this.usages.today(caller);
  }
}
