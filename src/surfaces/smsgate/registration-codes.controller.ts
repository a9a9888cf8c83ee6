import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { User } from '../../auth/principal.js';
import { Answers } from '../../common/http/answers.js';
import { OptionalBody } from '../../common/http/parameters.js';
import { NewPhoneDto } from '../dto/new-phone.dto.js';
import { Join } from './join.service.js';
import { InvitedPhone } from './smsgate-answers.js';

@ApiTags('agents')
@Controller('admin/agents/registration-codes')
@Allow({ role: 'admin' })
export class RegistrationCodesController {
  constructor(private readonly join: Join) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Issue a code with which one phone registers by the SMSGate app, within ten minutes' })
  @Answers(InvitedPhone)
  issue(@Caller() caller: User, @Req() request: FastifyRequest, @OptionalBody() body: NewPhoneDto) {
    return this.join.invite(caller, { label: body.label ?? null, group: body.group ?? null }, request);
  }
}
