import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentPrincipal } from '../../agents/agent.authenticator.js';
import { PhoneOf } from '../../agents/phone-of.js';
import { Allow } from '../../auth/allow.js';
import { Answers } from '../../common/http/answers.js';
import { hangUp } from '../../common/http/hang-up.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';
import { ChtGreeting, ChtMessages } from './cht-answers.js';
import { CHT_PATH } from './cht-path.js';
import { POLL, readPoll } from './poll-request.js';
import { PollService } from './poll.service.js';

@ApiTags('phones with CHT Gateway')
@Controller(CHT_PATH)
@Surface('cht')
@Allow({ agents: true })
export class ChtController {
  constructor(private readonly polls: PollService) {}

  @Get()
  @ApiOperation({ summary: 'Tell the app, when the address is entered, that it is the right one' })
  @Answers(ChtGreeting)
  greet() {
    return { 'medic-gateway': true };
  }

  @Post()
  @HttpCode(200)
  @Takes({ kinds: ['event'] })
  @ApiOperation({ summary: 'Take what the phone tells and received, and answer what it is to send', requestBody: POLL })
  @Answers(ChtMessages)
  poll(
    @PhoneOf('cht') caller: AgentPrincipal,
    @Req() { body, headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const told = readPoll(typeof body === 'string' ? body : '');
    return this.polls.poll(caller, told, headers['user-agent'] ?? '', hangUp(reply));
  }
}
