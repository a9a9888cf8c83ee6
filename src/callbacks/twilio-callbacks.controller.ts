import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/allow.js';
import { Answers, ExampleText } from '../common/http/answers.js';
import { Takes } from '../common/http/route-takes.js';
import { TWILIO_INBOUND, TWILIO_STATUS } from './callback-bodies.js';
import { CallbacksService } from './callbacks.service.js';

/** Nothing to do for Twilio: our answer to a text is a message of its own. */
const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>';
const Empty = ExampleText(EMPTY);

@ApiTags('callbacks')
@Controller('carriers/twilio')
@Public()
export class TwilioCallbacksController {
  constructor(private readonly callbacks: CallbacksService) {}

  @Post('inbound')
  @HttpCode(200)
  @Takes({ kinds: ['form'] })
  @ApiOperation({ summary: 'Take a text that Twilio received; signed by Twilio', requestBody: TWILIO_INBOUND })
  @Answers(Empty, { type: 'text/xml' })
  async inbound(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.callbacks.fromTwilio('inbound', request);
    return answer(reply);
  }

  @Post('status')
  @HttpCode(200)
  @Takes({ kinds: ['form'] })
  @ApiOperation({ summary: 'Take the status of a text from Twilio; signed by Twilio', requestBody: TWILIO_STATUS })
  @Answers(Empty, { type: 'text/xml' })
  async status(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.callbacks.fromTwilio('status', request);
    return answer(reply);
  }
}

function answer(reply: FastifyReply): string {
  void reply.type('text/xml');
  return EMPTY;
}
