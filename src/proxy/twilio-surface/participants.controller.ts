import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'typebox';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Principal } from '../../auth/principal.js';
import { Answers } from '../../common/http/answers.js';
import { ValidQuery } from '../../common/http/parameters.js';
import { Surface } from '../../common/http/surfaces.js';
import { ParticipantSession } from './conversation-answers.js';
import { ConversationsService } from './conversations.service.js';
import { ParticipantQuery } from './dto/participant.query.js';
import { PhoneNumberQuery } from './dto/phone-number.query.js';

@ApiTags('masked conversations: Twilio')
@Controller()
@Surface('conversations')
@Allow({ role: 'viewer', scopes: ['proxy:manage'] })
export class ParticipantsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Get('participants')
  @ApiOperation({ summary: 'Find the open session in which a person sees a number of the pool' })
  @Answers(ParticipantSession)
  participant(@Caller() { tenant }: Principal, @ValidQuery() { address, proxyAddress }: ParticipantQuery) {
    return this.conversations.participant(tenant, address, proxyAddress);
  }

  @Get('participantsessions')
  @ApiOperation({ summary: 'List the open sessions in which a person is' })
  @Answers(Type.Array(ParticipantSession))
  sessions(@Caller() { tenant }: Principal, @ValidQuery() { phoneNumber }: PhoneNumberQuery) {
    return this.conversations.ofPerson(tenant, phoneNumber);
  }
}
