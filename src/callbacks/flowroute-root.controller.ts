import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/allow.js';
import { Answers, ExampleText } from '../common/http/answers.js';
import { ValidQuery } from '../common/http/parameters.js';
import { Takes } from '../common/http/route-takes.js';
import { Surface } from '../common/http/surfaces.js';
import { FLOWROUTE_INBOUND } from './callback-bodies.js';
import { CallbacksService } from './callbacks.service.js';
import { TokenQuery } from './dto/token.query.js';

/** Where the source system of `/tn` and `/session` took texts: what was set at Flowroute for it needs only the secret in its query. */
@ApiTags('callbacks')
@Controller()
@Surface('flowroute_inbound')
@Public()
export class FlowrouteRootController {
  constructor(private readonly callbacks: CallbacksService) {}

  @Post()
  @HttpCode(200)
  @Takes({ kinds: ['event'] })
  @ApiOperation({ summary: 'Take a text that Flowroute received, in either version', requestBody: FLOWROUTE_INBOUND })
  @Answers(ExampleText('', { description: 'Empty.' }), { type: 'text/plain' })
  inbound(@Req() request: FastifyRequest, @ValidQuery() { token }: TokenQuery) {
    return this.callbacks.fromFlowrouteAtRoot(token, request);
  }
}
