import { Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../auth/allow.js';
import { Answers, Done } from '../../common/http/answers.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';
import { MOBILE_PATH } from './mobile-path.js';
import { RECEIVED } from './received-body.js';
import { ReceivedService } from './received.service.js';

@ApiTags('phones with SMSGate')
@Controller(MOBILE_PATH)
@Surface('smsgate')
@Public()
export class ReceivedController {
  constructor(private readonly received: ReceivedService) {}

  @Post('received')
  @HttpCode(200)
  @Takes({ kinds: ['event'] })
  @ApiOperation({ summary: 'Take what a phone received, signed with the key in its settings', requestBody: RECEIVED })
  @Answers(Done)
  async take(
    @Req() request: FastifyRequest,
    @Headers('x-timestamp') timestamp: string | undefined,
    @Headers('x-signature') signature: string | undefined,
  ) {
    await this.received.take(typeof request.body === 'string' ? request.body : '', timestamp ?? '', signature ?? '');
    return { status: 'ok' };
  }
}
