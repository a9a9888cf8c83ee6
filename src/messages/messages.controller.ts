import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type, type Static } from 'typebox';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import { idPattern } from '../common/ids.js';
import { ValidQuery } from '../common/http/parameters.js';
import { Paging } from '../common/paging.js';
import { Strict } from '../common/schema.js';
import { MESSAGE_STATUSES } from '../domain/message-status.js';
import { MessagesService, type Submitter } from './messages.service.js';
import { NumberQuery } from './number-query.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { Message, MessageInFull } from './message-answers.js';

const RequestId = Type.String({ pattern: idPattern('req'), title: 'must be a request id (req_...)' });
const Filters = {
  status: Type.Optional(Type.Enum([...MESSAGE_STATUSES])),
  agent_id: Type.Optional(Type.String({ pattern: idPattern('agt'), title: 'must be an agent id (agt_...)' })),
  to: Type.Optional(Type.String({ maxLength: 40, description: 'A number, with or without its country.' })),
};
const OfRequest = Strict({ ...Paging, request_id: RequestId, ...Filters });
const All = Strict({ ...Paging, request_id: Type.Optional(RequestId), ...Filters });

@ApiTags('messages')
@Controller('messages')
@Allow({ role: 'viewer', scopes: ['sms:read'] })
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly numbers: NumberQuery,
  ) {}

  @Get()
  @ApiOperation({ summary: "List one request's messages, in their order" })
  @Answers(PageOf(Message))
  list(@Caller() caller: Submitter, @ValidQuery(OfRequest) query: Static<typeof OfRequest>) {
    return this.find(caller, query);
  }

  @Get('all')
  @ApiOperation({ summary: 'List messages, newest first: a key its own, a user the tenant’s' })
  @Answers(PageOf(Message))
  all(@Caller() caller: Submitter, @ValidQuery(All) query: Static<typeof All>) {
    return this.find(caller, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a message with every lease, attempt and move' })
  @Answers(MessageInFull)
  get(@Caller() caller: Submitter, @Param('id') id: string) {
    return this.messages.get(caller, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Allow({ role: 'operator', scopes: ['sms:send'] })
  @ApiOperation({ summary: 'Cancel a message that nobody is sending' })
  @Answers(MessageInFull)
  cancel(@Caller() caller: Submitter, @Param('id') id: string) {
    return this.messages.cancel(caller, id);
  }

  private async find(caller: Submitter, query: Static<typeof All>) {
    const filter = {
      requestId: query.request_id,
      status: query.status,
      agentId: query.agent_id,
      to: query.to === undefined ? undefined : await this.numbers.read(caller.tenant, query.to),
    };
    return this.messages.list(caller, filter, query);
  }
}
