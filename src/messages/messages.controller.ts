import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import { IdParams } from '../common/dto/id-params.js';
import { ValidParams, ValidQuery } from '../common/http/parameters.js';
import { ListRequestMessagesQuery, SearchMessagesQuery } from './dto/search-messages.query.js';
import { MessagesService, type Submitter } from './messages.service.js';
import { Answers } from '../common/http/answers.js';
import { FoundMessages, MessageInFull } from './message-answers.js';
import { SEARCHES } from './search/combinations.js';

const SEARCHING =
  'For users with the role viewer or a stronger one; API keys with the scope sms:read or sms:send_text. ' +
  `The searches there are: ${SEARCHES}. Anything else is a 400 \`unsupported_search\`. A key's \`client_id\` is its own. ` +
  'A page may be shorter than its limit, even empty, and still have a `next`: go on until there is none.';

@ApiTags('messages')
@Controller('messages')
@Allow({ role: 'viewer', scopes: ['sms:read', 'sms:send_text'] })
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Get()
  @ApiOperation({ summary: "List one request's messages, in their order" })
  @Answers(FoundMessages)
  list(@Caller() caller: Submitter, @ValidQuery() query: ListRequestMessagesQuery) {
    return this.messages.search(caller, query);
  }

  @Get('all')
  @ApiOperation({
    summary: 'List and search messages, newest first: a key its own, a user the tenant’s',
    description: SEARCHING,
  })
  @Answers(FoundMessages)
  all(@Caller() caller: Submitter, @ValidQuery() query: SearchMessagesQuery) {
    return this.messages.search(caller, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a message with every lease, attempt and move' })
  @Answers(MessageInFull)
  get(@Caller() caller: Submitter, @ValidParams() { id }: IdParams) {
    return this.messages.get(caller, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Allow({ role: 'operator', scopes: ['sms:send', 'sms:send_text'] })
  @ApiOperation({ summary: 'Cancel a message that nobody is sending' })
  @Answers(MessageInFull)
  cancel(@Caller() caller: Submitter, @ValidParams() { id }: IdParams) {
    return this.messages.cancel(caller, id);
  }
}
