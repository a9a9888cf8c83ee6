import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Type, type Static } from 'typebox';
import { ApiKeyUsage } from '../api-keys/api-key-usage.js';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import { Answers } from '../common/http/answers.js';
import { ValidQuery } from '../common/http/parameters.js';
import { idPattern } from '../common/ids.js';
import { Strict } from '../common/schema.js';
import type { Submitter } from '../messages/messages.service.js';
import { COUNTED, KeyUsage, SummaryRow } from './report-answers.js';
import { GROUPS, SummaryService } from './summary.service.js';

const Time = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }));
const SummaryParameters = Strict({
  from: Time(
    'The first day (2026-11-21), or the first whole hour (2026-11-21T08:00:00Z). Default: 30 days before the end.',
  ),
  to: Time('The last day, which is in the report; or a whole hour, which is not. Default: today.'),
  tz: Type.Optional(
    Type.String({
      maxLength: 10,
      description: 'Whole hours from UTC: what days begin by (+07:00, -5, Z). Default: Z.',
    }),
  ),
  template_id: Type.Optional(Type.String({ pattern: idPattern('tpl'), title: 'must be a template id (tpl_...)' })),
  group_by: Type.Enum([...GROUPS], { default: 'day' }),
});

@ApiTags('reports')
@Controller('reports')
@Allow({ role: 'viewer', scopes: ['sms:read'] })
export class ReportsController {
  constructor(
    private readonly summaries: SummaryService,
    private readonly usages: ApiKeyUsage,
  ) {}

  @Get('summary')
  @Answers(Type.Array(SummaryRow), { headers: COUNTED })
  @ApiOperation({
    summary: 'Count messages by day, hour, agent, client, template or route: a key its own, a user the tenant’s',
  })
  async summary(
    @Caller() caller: Submitter,
    @ValidQuery(SummaryParameters) query: Static<typeof SummaryParameters>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { rows, isComplete, countedUntil } = await this.summaries.summary(caller, query);
    void reply.header('x-report-complete', isComplete).header('x-counted-until', countedUntil.toISOString());
    return rows;
  }

  @Get('usage')
  @Answers(Type.Array(KeyUsage))
  @ApiOperation({ summary: "Show each key's messages of today against its daily limit: a key its own, a user all" })
  usage(@Caller() caller: Submitter) {
    return this.usages.today(caller);
  }
}
