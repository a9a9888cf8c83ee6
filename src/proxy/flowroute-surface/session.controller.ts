import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Principal } from '../../auth/principal.js';
import { Answers } from '../../common/http/answers.js';
import { ValidBody } from '../../common/http/parameters.js';
import { Surface } from '../../common/http/surfaces.js';
import { EndSessionDto } from './dto/end-session.dto.js';
import { OpenSessionDto } from './dto/open-session.dto.js';
import { SessionEnded, SessionList, SessionOpened } from './flowroute-answers.js';
import { END_USAGE, openUsage } from './refusals.js';
import { SessionService } from './session.service.js';

@ApiTags('masked conversations: Flowroute')
@Controller('session')
@Surface('flowroute')
@Allow({ role: 'operator', scopes: ['proxy:manage'] })
export class SessionController {
  constructor(private readonly sessions: SessionService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Start a session of two people on one number, and tell both' })
  @Answers(SessionOpened)
  open(@Caller() caller: Principal, @ValidBody(openUsage) body: OpenSessionDto) {
    return this.sessions.open(caller, body);
  }

  @Get()
  @Allow({ role: 'viewer', scopes: ['proxy:manage'] })
  @ApiOperation({ summary: 'List the sessions in progress' })
  @Answers(SessionList)
  list(@Caller() caller: Principal) {
    return this.sessions.list(caller.tenant);
  }

  @Delete()
  @HttpCode(200)
  @ApiOperation({ summary: 'End a session, and tell both' })
  @Answers(SessionEnded)
  end(@Caller() caller: Principal, @ValidBody(END_USAGE) { session_id }: EndSessionDto) {
    return this.sessions.end(caller, String(session_id));
  }
}
