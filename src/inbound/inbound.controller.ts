import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type, type Static } from 'typebox';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import type { Agent, Principal } from '../auth/principal.js';
import { idPattern } from '../common/ids.js';
import { ValidBody, ValidQuery } from '../common/http/parameters.js';
import { Paging } from '../common/paging.js';
import { Like, Nullable, Strict } from '../common/schema.js';
import { InboundService } from './inbound.service.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { InboundMessage, StoredTexts } from './inbound-answers.js';

const maybe = <S extends Parameters<typeof Nullable>[0]>(schema: S) => Type.Optional(Nullable(schema));
const Inbound = Like(
  Strict(
    {
      messages: Type.Array(
        Strict(
          {
            from: Type.String({ minLength: 1, maxLength: 64 }),
            to: maybe(Type.String({ maxLength: 64 })),
            text: Type.String({ maxLength: 20_000 }),
            received_at: Type.String({ maxLength: 40 }),
            sim_slot: maybe(Type.Integer({ minimum: 0, maximum: 15 })),
            external_id: maybe(Type.String({ maxLength: 200 })),
          },
          'ignore',
        ),
        { minItems: 1, maxItems: 500 },
      ),
    },
    'ignore',
  ),
  { messages: [{ from: '+84901234567', text: 'Cam on', received_at: '2026-11-21T10:00:00Z' }] },
);
const InboundQuery = Strict({
  ...Paging,
  agent_id: Type.Optional(Type.String({ pattern: idPattern('agt'), title: 'must be an agent id (agt_...)' })),
  from: Type.Optional(Type.String({ maxLength: 40 })),
});

@ApiTags('inbound messages')
@Controller()
export class InboundController {
  constructor(private readonly inbound: InboundService) {}

  @Post('agent/messages/inbound')
  @HttpCode(200)
  @Allow({ agents: true })
  @ApiOperation({ summary: 'Hand over texts that the phone received; repeating is harmless' })
  @Answers(StoredTexts)
  store(@Caller() caller: Agent, @ValidBody(Inbound) body: Static<typeof Inbound>) {
    return this.inbound.store(caller, body.messages);
  }

  @Get('inbound-messages')
  @Allow({ role: 'viewer', scopes: ['sms:read'] })
  @ApiOperation({ summary: 'List received texts, newest first' })
  @Answers(PageOf(InboundMessage))
  list(@Caller() caller: Principal, @ValidQuery(InboundQuery) query: Static<typeof InboundQuery>) {
    return this.inbound.list(caller, { agentId: query.agent_id, from: query.from }, query);
  }
}
