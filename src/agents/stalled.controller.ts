import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { PageQuery } from '../common/dto/page-query.js';
import { ValidQuery } from '../common/http/parameters.js';
import { StalledService } from './stalled.service.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { StalledMessage } from '../messages/message-answers.js';

@ApiTags('messages')
@Controller('messages/stalled')
@Allow({ role: 'viewer' })
export class StalledController {
  constructor(private readonly stalled: StalledService) {}

  @Get()
  @ApiOperation({ summary: 'List messages that need a person: their phone is away, or sending was never confirmed' })
  @Answers(PageOf(StalledMessage))
  list(@Caller() caller: User, @ValidQuery() page: PageQuery) {
    return this.stalled.list(caller.tenant, page);
  }
}
