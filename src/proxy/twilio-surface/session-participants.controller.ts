import { Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Principal } from '../../auth/principal.js';
import { IdParams } from '../../common/dto/id-params.js';
import { Answers } from '../../common/http/answers.js';
import { ValidBody, ValidParams } from '../../common/http/parameters.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';
import { ConversationSession } from './conversation-answers.js';
import { AddParticipantsDto } from './dto/add-participants.dto.js';
import { SessionParticipantParams } from './dto/session-participant-params.js';
import { ParticipantsService } from './participants.service.js';

@ApiTags('masked conversations: Twilio')
@Controller('sessions/:id/participants')
@Surface('conversations')
@Allow({ role: 'operator', scopes: ['proxy:manage'] })
export class SessionParticipantsController {
  constructor(private readonly participants: ParticipantsService) {}

  @Post()
  @HttpCode(200)
  @Takes({ kinds: ['json', 'fields'] })
  @ApiOperation({ summary: 'Add people to an open session; they are told that it has begun' })
  @Answers(ConversationSession)
  add(@Caller() caller: Principal, @ValidParams() { id }: IdParams, @ValidBody() body: AddParticipantsDto) {
    return this.participants.add(caller, id, body);
  }

  @Delete(':participantId')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remove a person from an open session, which ends when fewer than two are left' })
  @Answers(ConversationSession)
  remove(@Caller() caller: Principal, @ValidParams() { id, participantId }: SessionParticipantParams) {
    return this.participants.remove(caller, id, participantId);
  }
}
