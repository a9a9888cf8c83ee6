import { Controller, Get, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { minutes, Throttle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../auth/allow.js';
import { Answers, Done } from '../../common/http/answers.js';
import { ValidBody, ValidQuery } from '../../common/http/parameters.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';
import { Page, showPage } from '../shown-page.js';
import { ConfirmRegistrationDto } from './dto/confirm-registration.dto.js';
import { LinkTokenDto } from './dto/link-token.dto.js';
import { LinkTokenQuery } from './dto/link-token.query.js';
import { RegisterDto } from './dto/register.dto.js';
import { RegistrationService } from './registration.service.js';

@ApiTags('auth')
@Controller('auth')
@Public()
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  @Post('register')
  @HttpCode(202)
  @Throttle({ default: { limit: 20, ttl: minutes(10) } })
  @ApiOperation({ summary: 'Ask for an account; it is there once the e-mail address is confirmed' })
  @Answers(Done)
  register(@ValidBody() body: RegisterDto, @Req() { ip }: FastifyRequest) {
    return this.registration.register(body, ip);
  }

  @Post('register/confirm')
  @HttpCode(201)
  @Throttle({ default: { limit: 60, ttl: minutes(10) } })
  @ApiOperation({ summary: 'Confirm an account with the code from the mail' })
  @Answers(Done)
  confirmByCode(@ValidBody() body: ConfirmRegistrationDto) {
    return this.registration.confirmByCode(body);
  }

  @Get('confirm')
  @Surface('link')
  @ApiOperation({ summary: 'Ask somebody who has opened the link of the mail to confirm, as a page' })
  @Answers(Page, { type: 'text/html' })
  async ask(
    @ValidQuery() { token }: LinkTokenQuery,
    @Headers('accept-language') languages: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return showPage(await this.registration.ask(token, languages), reply);
  }

  @Post('confirm')
  @HttpCode(200)
  @Surface('link')
  @Takes({ kinds: ['json', 'fields'] })
  @ApiOperation({ summary: 'Confirm an account, from that page' })
  @Answers(Page, { type: 'text/html' })
  async confirm(
    @ValidBody() { token }: LinkTokenDto,
    @Headers('accept-language') languages: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return showPage(await this.registration.confirmByLink(token, languages), reply);
  }
}
