import { Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { IdParams } from '../common/dto/id-params.js';
import { OptionalBody, ValidBody, ValidParams, ValidQuery } from '../common/http/parameters.js';
import { AgentInFull } from './agent-overview-answers.js';
import { AgentOverviewService } from './agent-overview.service.js';
import { AgentsService } from './agents.service.js';
import { ListAgentsQuery } from './dto/list-agents.query.js';
import { ReassignMessagesDto } from './dto/reassign-messages.dto.js';
import { UnregisterAgentDto } from './dto/unregister-agent.dto.js';
import { UpdateAgentDto } from './dto/update-agent.dto.js';
import { ReassignmentService } from './reassignment.service.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { Agent, IssuedCode, ReassignedMessages, UnregisteredAgent } from './agent-answers.js';

@ApiTags('agents')
@Controller('admin/agents')
@Allow({ role: 'admin' })
export class AgentsController {
  constructor(
    private readonly agents: AgentsService,
    private readonly overview: AgentOverviewService,
    private readonly reassignment: ReassignmentService,
  ) {}

  @Get()
  @Allow({ role: 'viewer' })
  @ApiOperation({ summary: 'List phones, newest first' })
  @Answers(PageOf(Agent))
  list(@Caller() caller: User, @ValidQuery() query: ListAgentsQuery) {
    const isActive = query.is_active === undefined ? undefined : query.is_active === '1' || query.is_active === 'true';
    return this.agents.list(caller, isActive, query);
  }

  @Get(':id')
  @Allow({ role: 'viewer' })
  @ApiOperation({ summary: 'Show a phone: how it is, what it has to do and what it failed at, also in words' })
  @Answers(AgentInFull)
  get(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    return this.overview.get(caller, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a phone: label, groups, pace, daily caps' })
  @Answers(Agent)
  update(@Caller() caller: User, @ValidParams() { id }: IdParams, @ValidBody() body: UpdateAgentDto) {
    return this.agents.update(caller, id, body);
  }

  @Post(':id/rotation-code')
  @ApiOperation({ summary: 'Issue a code with which the phone gets one new token, within fifteen minutes' })
  @Answers(IssuedCode)
  issueCode(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    return this.agents.issueCode(caller, id);
  }

  @Post(':id/unregister')
  @HttpCode(200)
  @ApiOperation({ summary: 'Unregister a phone; its token dies at once' })
  @Answers(UnregisteredAgent)
  unregister(@Caller() caller: User, @ValidParams() { id }: IdParams, @OptionalBody() body: UnregisterAgentDto) {
    return this.agents.unregister(caller, id, body.reason ?? null);
  }

  @Post(':id/reassign')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give what waits for a phone to another phone, a group or a carrier' })
  @Answers(ReassignedMessages)
  reassign(@Caller() caller: User, @ValidParams() { id }: IdParams, @ValidBody() body: ReassignMessagesDto) {
    return this.reassignment.reassign(caller, id, body);
  }
}
