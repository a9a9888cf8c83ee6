import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'typebox';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Principal } from '../../auth/principal.js';
import { IdParams } from '../../common/dto/id-params.js';
import { Answers } from '../../common/http/answers.js';
import { ValidBody, ValidParams, ValidQuery } from '../../common/http/parameters.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';
import { ConversationMessage, ConversationSession } from './conversation-answers.js';
import { ConversationsService } from './conversations.service.js';
import { CreateSessionDto } from './dto/create-session.dto.js';
import { ListSessionsQuery } from './dto/list-sessions.query.js';

const READ = { role: 'viewer', scopes: ['proxy:manage'] } as const;

@ApiTags('masked conversations: Twilio')
@Controller('sessions')
@Surface('conversations')
@Allow({ role: 'operator', scopes: ['proxy:manage'] })
export class SessionsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Post()
  @HttpCode(200)
  @Takes({ kinds: ['json', 'fields'] })
  @ApiOperation({ summary: 'Start a session, with a number of the pool for each participant' })
  @Answers(ConversationSession)
  create(@Caller() caller: Principal, @ValidBody() body: CreateSessionDto) {
    return this.conversations.create(caller, body);
  }

  @Get()
  @Allow(READ)
  @ApiOperation({ summary: 'List sessions, newest first' })
  @Answers(Type.Array(ConversationSession))
  list(@Caller() caller: Principal, @ValidQuery() { limit }: ListSessionsQuery) {
    return this.conversations.list(caller.tenant, limit);
  }

  @Get(':id')
  @Allow(READ)
  @ApiOperation({ summary: 'Get a session' })
  @Answers(ConversationSession)
  get(@Caller() caller: Principal, @ValidParams() { id }: IdParams) {
    return this.conversations.get(caller.tenant, id);
  }

  @Get(':id/messages')
  @Allow(READ)
  @ApiOperation({ summary: 'List what the participants have written in a session, oldest first' })
  @Answers(Type.Array(ConversationMessage))
  messages(@Caller() caller: Principal, @ValidParams() { id }: IdParams) {
    return this.conversations.messages(caller, id);
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close a session for good' })
  @Answers(ConversationSession)
  close(@Caller() caller: Principal, @ValidParams() { id }: IdParams) {
    return this.conversations.close(caller, id);
  }
}
