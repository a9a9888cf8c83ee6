import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/allow.js';
import { Answers, Done } from '../common/http/answers.js';
import { ValidParams } from '../common/http/parameters.js';
import { Takes } from '../common/http/route-takes.js';
import { FLOWROUTE_INBOUND, FLOWROUTE_RECEIPT } from './callback-bodies.js';
import { CallbacksService } from './callbacks.service.js';
import { TokenParams } from './dto/token-params.js';

/** Flowroute signs nothing: the secret in the path says who calls, so it is in no log line and no metric. */
@ApiTags('callbacks')
@Controller('carriers/flowroute/:token')
@Public()
export class FlowrouteCallbacksController {
  constructor(private readonly callbacks: CallbacksService) {}

  @Post('inbound')
  @HttpCode(200)
  @Takes({ kinds: ['event'] })
  @ApiOperation({ summary: 'Take a text that Flowroute received', requestBody: FLOWROUTE_INBOUND })
  @Answers(Done)
  async inbound(@Req() request: FastifyRequest, @ValidParams() { token }: TokenParams) {
    await this.callbacks.fromFlowroute('inbound', token, request);
    return { status: 'ok' };
  }

  @Post('receipt')
  @HttpCode(200)
  @Takes({ kinds: ['event'] })
  @ApiOperation({ summary: 'Take a delivery receipt of Flowroute', requestBody: FLOWROUTE_RECEIPT })
  @Answers(Done)
  async receipt(@Req() request: FastifyRequest, @ValidParams() { token }: TokenParams) {
    await this.callbacks.fromFlowroute('status', token, request);
    return { status: 'ok' };
  }
}
