import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { ValidQuery } from '../common/http/parameters.js';
import { askedActions } from './asked-actions.js';
import { AuditService } from './audit.service.js';
import { ListAuditLogsQuery } from './dto/list-audit-logs.query.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { AuditLog } from './audit-answers.js';

@ApiTags('audit')
@Controller('admin/audit-logs')
@Allow({ role: 'admin' })
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @ApiOperation({ summary: 'List what was done, newest first; what phones lease and report only when it is asked for' })
  @Answers(PageOf(AuditLog))
  list(@Caller() caller: User, @ValidQuery() query: ListAuditLogsQuery) {
    return this.audit.list(caller.tenant, askedActions(query.action), query);
  }
}
