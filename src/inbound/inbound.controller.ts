import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { Agent, Principal } from '../auth/principal.js';
import { Takes } from '../common/http/route-takes.js';
import { EntriesBody, ValidQuery } from '../common/http/parameters.js';
import { ListInboundMessagesQuery } from './dto/list-inbound-messages.query.js';
import { StoreTextsDto } from './dto/store-texts.dto.js';
import { InboundService } from './inbound.service.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { InboundMessage, StoredTexts } from './inbound-answers.js';

@ApiTags('inbound messages')
@Controller()
export class InboundController {
  constructor(private readonly inbound: InboundService) {}

  @Post('agent/messages/inbound')
  @HttpCode(200)
  @Takes({ kinds: ['told'] })
  @Allow({ agents: true })
  @ApiOperation({ summary: 'Upload texts that the phone received; safe to repeat' })
  @Answers(StoredTexts)
  store(@Caller() caller: Agent, @EntriesBody(StoreTextsDto) body: { messages: unknown[] }) {
    return this.inbound.upload(caller, body.messages);
  }

  @Get('inbound-messages')
  @Allow({ role: 'viewer', scopes: ['sms:read'] })
  @ApiOperation({ summary: 'List received texts, newest first' })
  @Answers(PageOf(InboundMessage))
  list(@Caller() caller: Principal, @ValidQuery() query: ListInboundMessagesQuery) {
    return this.inbound.list(caller, query);
  }
}
