import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../auth/allow.js';
import { Answers } from '../../common/http/answers.js';
import { ValidParams } from '../../common/http/parameters.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';
import { TokenParams } from '../dto/token-params.js';
import { Page, showPage } from '../shown-page.js';
import { UnsubscribeService } from './unsubscribe.service.js';

@ApiTags('unsubscribe')
@Controller('unsubscribe')
@Public()
@Surface('link')
export class UnsubscribeController {
  constructor(private readonly unsubscribing: UnsubscribeService) {}

  @Get(':token')
  @ApiOperation({ summary: 'Ask somebody who has opened the link of a message whether they want no more, as a page' })
  @Answers(Page, { type: 'text/html' })
  async ask(
    @ValidParams() { token }: TokenParams,
    @Headers('accept-language') languages: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return showPage(await this.unsubscribing.ask(token, languages), reply);
  }

  @Post(':token')
  @HttpCode(200)
  @Takes({ kinds: ['unread_form'] })
  @ApiOperation({
    summary: 'Unsubscribe from e-mail, SMS and push, by the page or with one click of a mail program (RFC 8058)',
  })
  @Answers(Page, { type: 'text/html' })
  async unsubscribe(
    @ValidParams() { token }: TokenParams,
    @Headers('accept-language') languages: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return showPage(await this.unsubscribing.unsubscribe(token, languages), reply);
  }
}
