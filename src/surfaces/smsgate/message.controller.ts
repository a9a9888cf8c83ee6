import { Controller, Get, HttpCode, Patch, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AgentPrincipal } from '../../agents/agent.authenticator.js';
import { PhoneOf } from '../../agents/phone-of.js';
import { Allow } from '../../auth/allow.js';
import { Answers } from '../../common/http/answers.js';
import { hangUp } from '../../common/http/hang-up.js';
import { ListBody, ValidQuery } from '../../common/http/parameters.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';
import { MessagesQuery } from './dto/messages.query.js';
import { MessageService } from './message.service.js';
import { MOBILE_PATH } from './mobile-path.js';
import { REPORT } from './report-body.js';
import { AppMessages } from './smsgate-answers.js';

@ApiTags('phones with SMSGate')
@Controller(`${MOBILE_PATH}/message`)
@Surface('smsgate')
@Allow({ agents: true })
export class MessageController {
  constructor(private readonly messages: MessageService) {}

  @Get()
  @ApiOperation({ summary: 'Serve what the phone is to send: what it holds already, and what it leases now' })
  @Answers(AppMessages)
  pull(
    @PhoneOf('smsgate') caller: AgentPrincipal,
    @ValidQuery() { order }: MessagesQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.messages.pull(caller, order, hangUp(reply), reply.raw);
  }

  @Patch()
  @Takes({ kinds: ['told'] })
  @HttpCode(204)
  @ApiOperation({ summary: 'Report what became of messages; what is not known changes nothing' })
  report(
    @PhoneOf('smsgate') caller: AgentPrincipal,
    @ListBody({ atMost: 1000, item: REPORT }) body: readonly unknown[],
  ) {
    return this.messages.report(caller, body);
  }
}
