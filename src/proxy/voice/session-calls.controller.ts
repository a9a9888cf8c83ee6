import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'typebox';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Principal } from '../../auth/principal.js';
import { IdParams } from '../../common/dto/id-params.js';
import { Answers } from '../../common/http/answers.js';
import { ValidParams } from '../../common/http/parameters.js';
import { Surface } from '../../common/http/surfaces.js';
import { SessionCall } from './call-answers.js';
import { SessionCallsService } from './session-calls.service.js';

/** Beside the texts of a session (`/sessions/:id/messages`), whose shape is the source system's. */
@ApiTags('masked conversations: Twilio')
@Controller('sessions')
@Surface('conversations')
export class SessionCallsController {
  constructor(private readonly calls: SessionCallsService) {}

  @Get(':id/calls')
  @Allow({ role: 'viewer', scopes: ['proxy:manage'] })
  @ApiOperation({ summary: 'List the calls between the participants of a session, the newest 500, oldest first' })
  @Answers(Type.Array(SessionCall))
  list(@Caller() caller: Principal, @ValidParams() { id }: IdParams) {
    return this.calls.list(caller.tenant, id);
  }
}
