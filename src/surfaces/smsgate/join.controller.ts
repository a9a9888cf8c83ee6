import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../auth/allow.js';
import { Answers, ExampleText } from '../../common/http/answers.js';
import { pageHeaders } from '../../common/http/page.js';
import { ValidParams } from '../../common/http/parameters.js';
import { Surface } from '../../common/http/surfaces.js';
import { JoinParams } from './dto/join.params.js';
import { Join } from './join.service.js';
import { joinPage } from './join-page.js';

@ApiTags('agents')
@Controller('phones/join/:code')
@Public()
export class JoinController {
  constructor(private readonly join: Join) {}

  @Get()
  @Surface('link')
  @ApiOperation({ summary: 'Show in the browser of a phone what to enter in the SMSGate app; the QR code leads here' })
  @Answers(ExampleText('<!doctype html>\n<html lang="en">...</html>\n'), { type: 'text/html' })
  page(
    @ValidParams() { code }: JoinParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    void reply.headers(pageHeaders('en'));
    return joinPage(this.join.serverUrl(request), code);
  }
}
