import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../auth/allow.js';
import { Answers, ExampleText } from '../../common/http/answers.js';
import { ValidParams } from '../../common/http/parameters.js';
import { PLAIN_PAGE_HEADERS } from '../../common/http/plain-page.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';
import { TokenParams } from '../dto/token-params.js';
import { UnsubscribeService, type ShownPage } from './unsubscribe.service.js';

const Page = ExampleText('<!doctype html>\n<html lang="en">...</html>\n');

@ApiTags('unsubscribe')
@Controller('unsubscribe')
@Public()
@Surface('page')
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
    return show(await this.unsubscribing.ask(token, languages), reply);
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
    return show(await this.unsubscribing.unsubscribe(token, languages), reply);
  }
}

function show({ status, language, html }: ShownPage, reply: FastifyReply): string {
  void reply.status(status).headers({ ...PLAIN_PAGE_HEADERS, 'content-language': language });
  void reply.type('text/html; charset=utf-8');
  return html;
}
