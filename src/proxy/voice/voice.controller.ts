import { applyDecorators, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags, type ApiOperationOptions } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../auth/allow.js';
import { Answers, ExampleText } from '../../common/http/answers.js';
import { Takes } from '../../common/http/route-takes.js';
import { TWILIO_CALL } from './voice-bodies.js';
import { VoiceService } from './voice.service.js';

const Twiml = ExampleText(
  '<?xml version="1.0" encoding="UTF-8"?><Response><Say voice="alice" language="en">Please hold while we connect your call.</Say>' +
    '<Dial callerId="+12065550100"><Number>+12065550142</Number></Dial></Response>',
);

function CallRoute(summary: string, requestBody?: ApiOperationOptions['requestBody']): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    // By GET, the fields are in the URL.
    ...(requestBody
      ? [Takes({ kinds: ['form'] }), ApiOperation({ summary, requestBody })]
      : [ApiOperation({ summary })]),
    Answers(Twiml, { type: 'text/xml' }),
  );
}

/** Calls by telephone, under every spelling that numbers may be set to. */
@ApiTags('masked calls')
@Controller()
@Public()
export class VoiceController {
  constructor(private readonly calls: VoiceService) {}

  @Post('inboundCall')
  @CallRoute('Tell Twilio what to do with a call to a number of the pool; signed by Twilio', TWILIO_CALL)
  inboundCall(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return xml(reply, this.calls.answer(request));
  }

  @Get('inboundCall')
  @CallRoute('Tell Twilio, which asks by GET, what to do with a call; signed by Twilio')
  inboundCallByGet(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return xml(reply, this.calls.answer(request));
  }

  @Post('inbound-call')
  @CallRoute('Tell Twilio what to do with a call to a number of the pool; signed by Twilio', TWILIO_CALL)
  inboundCallWithDash(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return xml(reply, this.calls.answer(request));
  }

  @Get('inbound-call')
  @CallRoute('Tell Twilio, which asks by GET, what to do with a call; signed by Twilio')
  inboundCallWithDashByGet(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return xml(reply, this.calls.answer(request));
  }

  @Post('carriers/twilio/voice')
  @CallRoute('Tell Twilio what to do with a call to a number of the pool; signed by Twilio', TWILIO_CALL)
  voice(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return xml(reply, this.calls.answer(request));
  }

  @Get('carriers/twilio/voice')
  @CallRoute('Tell Twilio, which asks by GET, what to do with a call; signed by Twilio')
  voiceByGet(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return xml(reply, this.calls.answer(request));
  }

  @Post('join-conference')
  @CallRoute('Let somebody whom we called into the conference; signed by Twilio', TWILIO_CALL)
  joinConference(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return xml(reply, this.calls.join(request));
  }

  @Get('join-conference')
  @CallRoute('Let somebody whom we called into the conference, when Twilio asks by GET; signed by Twilio')
  joinConferenceByGet(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return xml(reply, this.calls.join(request));
  }
}

async function xml(reply: FastifyReply, answer: Promise<string>): Promise<string> {
  const twiml = await answer;
  void reply.type('text/xml');
  return twiml;
}
