import { Controller, Delete, Get, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Principal } from '../../auth/principal.js';
import { IdParams } from '../../common/dto/id-params.js';
import { PageQuery } from '../../common/dto/page-query.js';
import { Answers, Done, PageOf } from '../../common/http/answers.js';
import { ValidParams, ValidQuery } from '../../common/http/parameters.js';
import { ClientsService } from './clients.service.js';
import { ClientAnswer } from './smss-answers.js';

@ApiTags('notifications: SMS and FCM')
@Controller('clients')
export class ClientsController {
  constructor(private readonly clients: ClientsService) {}

  @Get()
  @Allow({ role: 'viewer', scopes: ['notify:send'] })
  @ApiOperation({
    summary: 'List the numbers that POST /smss has sent to, newest first; GET /messages/all?to= has the messages',
  })
  @Answers(PageOf(ClientAnswer))
  list(@Caller() { tenant }: Principal, @ValidQuery() query: PageQuery) {
    return this.clients.list(tenant, query);
  }

  @Delete(':id')
  @HttpCode(200)
  @Allow({ role: 'admin' })
  @ApiOperation({ summary: 'Forget a number; the messages to it stay' })
  @Answers(Done)
  delete(@Caller() caller: Principal, @ValidParams() { id }: IdParams) {
    return this.clients.delete(caller, id);
  }
}
