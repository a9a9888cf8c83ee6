import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { Client, User } from '../auth/principal.js';
import { IdParams } from '../common/dto/id-params.js';
import { PageQuery } from '../common/dto/page-query.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { ValidParams, ValidQuery } from '../common/http/parameters.js';
import { ListPushTokensQuery } from './dto/list-push-tokens.query.js';
import { PushToken, TokenNotification } from './push-token-answers.js';
import { PushTokensService } from './push-tokens.service.js';

@ApiTags('push tokens')
@Controller('push-tokens')
@Allow({ role: 'viewer', scopes: ['notify:send'] })
export class PushTokensController {
  constructor(private readonly tokens: PushTokensService) {}

  @Get()
  @ApiOperation({ summary: 'List the devices that take pushes' })
  @Answers(PageOf(PushToken))
  list(@Caller() caller: Client | User, @ValidQuery() query: ListPushTokensQuery) {
    return this.tokens.list(caller, query.person_id, query);
  }

  @Get(':id/notifications')
  @ApiOperation({ summary: 'List which notifications a device got, newest first, and what became of each' })
  @Answers(PageOf(TokenNotification))
  notifications(@Caller() caller: Client | User, @ValidParams() { id }: IdParams, @ValidQuery() page: PageQuery) {
    return this.tokens.notifications(caller, id, page);
  }
}
