import { Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type, type Static } from 'typebox';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { OptionalBody, ValidBody, ValidQuery } from '../common/http/parameters.js';
import { Paging } from '../common/paging.js';
import { Like, Nullable, Strict } from '../common/schema.js';
import { GROUP_NAME } from '../domain/route.js';
import { SimSlot } from './agent-protocol.js';
import { AgentsService } from './agents.service.js';
import { Reassignment } from './reassignment.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { Agent, AgentInFull, ReassignedMessages, UnregisteredAgent } from './agent-answers.js';

const Cap = Nullable(Type.Integer({ minimum: 0 }));
const AgentChange = Like(
  Strict({
    label: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
    groups: Type.Optional(
      Type.Array(Type.String({ pattern: GROUP_NAME.source, title: 'must be lower-case letters, digits, - and _' }), {
        maxItems: 50,
        uniqueItems: true,
      }),
    ),
    rate_limit_per_min: Type.Optional(Nullable(Type.Integer({ minimum: 1 }))),
    daily_cap: Type.Optional(Cap),
    sims: Type.Optional(Type.Array(Strict({ slot: SimSlot, daily_cap: Cap }), { maxItems: 16 })),
  }),
  { label: 'Android-01', groups: ['shop'], rate_limit_per_min: 20 },
);
const AgentsQuery = Strict({ ...Paging, is_active: Type.Optional(Type.Enum(['1', '0', 'true', 'false'])) });
const Unregister = Like(Strict({ reason: Type.Optional(Nullable(Type.String({ maxLength: 500 }))) }), {
  reason: 'The phone was sold',
});
const Reassign = Like(
  Strict({
    route: Type.String({ maxLength: 100, description: 'agent:<id> or group:<name>' }),
    end_leases: Type.Boolean({
      default: false,
      description: 'Also take what the phone holds but has not begun to send.',
    }),
  }),
  { route: 'group:shop', end_leases: false },
);

@ApiTags('agents')
@Controller('admin/agents')
@Allow({ role: 'admin' })
export class AgentsController {
  constructor(
    private readonly agents: AgentsService,
    private readonly reassignment: Reassignment,
  ) {}

  @Get()
  @Allow({ role: 'viewer' })
  @ApiOperation({ summary: 'List phones, newest first' })
  @Answers(PageOf(Agent))
  list(@Caller() caller: User, @ValidQuery(AgentsQuery) query: Static<typeof AgentsQuery>) {
    const isActive = query.is_active === undefined ? undefined : query.is_active === '1' || query.is_active === 'true';
    return this.agents.list(caller, isActive, query);
  }

  @Get(':id')
  @Allow({ role: 'viewer' })
  @ApiOperation({ summary: 'Show a phone and what it has to do' })
  @Answers(AgentInFull)
  get(@Caller() caller: User, @Param('id') id: string) {
    return this.agents.get(caller, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a phone: label, groups, pace, daily caps' })
  @Answers(Agent)
  update(@Caller() caller: User, @Param('id') id: string, @ValidBody(AgentChange) body: Static<typeof AgentChange>) {
    return this.agents.update(caller, id, body);
  }

  @Post(':id/unregister')
  @HttpCode(200)
  @ApiOperation({ summary: 'Unregister a phone; its token dies at once' })
  @Answers(UnregisteredAgent)
  unregister(
    @Caller() caller: User,
    @Param('id') id: string,
    @OptionalBody(Unregister) body: Static<typeof Unregister>,
  ) {
    return this.agents.unregister(caller, id, body.reason ?? null);
  }

  @Post(':id/reassign')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give what waits for a phone to another phone or a group' })
  @Answers(ReassignedMessages)
  reassign(@Caller() caller: User, @Param('id') id: string, @ValidBody(Reassign) body: Static<typeof Reassign>) {
    return this.reassignment.reassign(caller, id, body.route, body.end_leases);
  }
}
