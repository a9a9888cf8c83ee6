import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { KeyUsageService } from '../api-keys/key-usage.service.js';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import { Answers } from '../common/http/answers.js';
import { ValidQuery } from '../common/http/parameters.js';
import type { Submitter } from '../messages/messages.service.js';
import { SummaryQuery } from './dto/summary.query.js';
import { COUNTED, KeyUsage, SummaryRow } from './report-answers.js';
import { SummaryService } from './summary.service.js';

@ApiTags('reports')
@Controller('reports')
@Allow({ role: 'viewer', scopes: ['sms:read'] })
export class ReportsController {
  constructor(
    private readonly summaries: SummaryService,
    private readonly usages: KeyUsageService,
  ) {}

  @Get('summary')
  @Answers(Type.Array(SummaryRow), { headers: COUNTED })
  @ApiOperation({
    summary:
      'Count messages by day, hour, agent, client, template or route; an API key gets its own, a user gets all of the tenant',
  })
  async summary(
    @Caller() caller: Submitter,
    @ValidQuery() query: SummaryQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { rows, isComplete, countedUntil } = await this.summaries.summary(caller, query);
    void reply.header('x-report-complete', isComplete).header('x-counted-until', countedUntil.toISOString());
    return rows;
  }

  @Get('usage')
  @Answers(Type.Array(KeyUsage))
  @ApiOperation({
    summary:
      'Show how many messages each API key sent today, with its daily limit; an API key gets its own, a user gets all',
  })
  usage(@Caller() caller: Submitter) {
    return this.usages.today(caller);
  }
}
