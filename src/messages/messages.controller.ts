import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type, type Static } from 'typebox';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import { ValidQuery } from '../common/http/parameters.js';
import { Paging } from '../common/paging.js';
import { Strict } from '../common/schema.js';
import { MessagesService, type Submitter } from './messages.service.js';
import { Answers } from '../common/http/answers.js';
import { FoundMessages, MessageInFull } from './message-answers.js';
import { SEARCHES } from './search/combinations.js';
import { RequestId, SearchFilters, SearchQuery } from './search/search-query.js';

const OfRequest = Strict({ ...Paging, request_id: RequestId, ...SearchFilters });
const All = Strict({ ...Paging, request_id: Type.Optional(RequestId), ...SearchFilters });

const SEARCHING =
  'For users with the role viewer or a stronger one; API keys with the scope sms:read or sms:send_text. ' +
  `The searches there are: ${SEARCHES}. Anything else is a 400 \`unsupported_search\`. A key's \`client_id\` is its own. ` +
  'A page may be shorter than its limit, even empty, and still have a `next`: go on until there is none.';

@ApiTags('messages')
@Controller('messages')
@Allow({ role: 'viewer', scopes: ['sms:read', 'sms:send_text'] })
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly query: SearchQuery,
  ) {}

  @Get()
  @ApiOperation({ summary: "List one request's messages, in their order" })
  @Answers(FoundMessages)
  list(@Caller() caller: Submitter, @ValidQuery(OfRequest) query: Static<typeof OfRequest>) {
    return this.find(caller, query);
  }

  @Get('all')
  @ApiOperation({
    summary: 'List and search messages, newest first: a key its own, a user the tenant’s',
    description: SEARCHING,
  })
  @Answers(FoundMessages)
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
  @Allow({ role: 'operator', scopes: ['sms:send', 'sms:send_text'] })
  @ApiOperation({ summary: 'Cancel a message that nobody is sending' })
  @Answers(MessageInFull)
  cancel(@Caller() caller: Submitter, @Param('id') id: string) {
    return this.messages.cancel(caller, id);
  }

  private async find(caller: Submitter, query: Static<typeof All>) {
    return this.messages.list(caller, await this.query.read(caller.tenant, query), query, query.with_total);
  }
}
