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
import { AskPasswordResetDto } from './dto/ask-password-reset.dto.js';
import { LinkTokenQuery } from './dto/link-token.query.js';
import { NewPasswordFormDto } from './dto/new-password-form.dto.js';
import { NewPasswordDto } from './dto/new-password.dto.js';
import { PasswordResetService } from './password-reset.service.js';

@ApiTags('auth')
@Controller('auth')
@Public()
export class PasswordResetController {
  constructor(private readonly reset: PasswordResetService) {}

  @Post('password-reset')
  @HttpCode(202)
  @Throttle({ default: { limit: 20, ttl: minutes(10) } })
  @ApiOperation({ summary: 'Ask for a link to a new password, sent to the e-mail address of the account' })
  @Answers(Done)
  ask(@ValidBody() body: AskPasswordResetDto) {
    return this.reset.ask(body);
  }

  @Post('password-reset/confirm')
  @HttpCode(200)
  @Throttle({ default: { limit: 60, ttl: minutes(10) } })
  @ApiOperation({ summary: 'Set a new password with the token of the link; ends all tokens of the user' })
  @Answers(Done)
  confirm(@ValidBody() { token, password }: NewPasswordDto, @Req() { ip }: FastifyRequest) {
    return this.reset.confirm(token, password, ip);
  }

  @Get('new-password')
  @Surface('link')
  @ApiOperation({ summary: 'Show the form for a new password, where the link of the mail leads' })
  @Answers(Page, { type: 'text/html' })
  async page(
    @ValidQuery() { token }: LinkTokenQuery,
    @Headers('accept-language') languages: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return showPage(await this.reset.page(token, languages), reply);
  }

  @Post('new-password')
  @HttpCode(200)
  @Surface('link')
  @Throttle({ default: { limit: 60, ttl: minutes(10) } })
  @Takes({ kinds: ['json', 'fields'] })
  @ApiOperation({ summary: 'Set a new password, from that page' })
  @Answers(Page, { type: 'text/html' })
  async confirmByPage(
    @ValidBody() { token, password }: NewPasswordFormDto,
    @Headers('accept-language') languages: string | undefined,
    @Req() { ip }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return showPage(await this.reset.confirmByPage(token, password, ip, languages), reply);
  }
}
