import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { Public } from '../../auth/allow.js';
import { Answers, ExampleText, Time } from '../../common/http/answers.js';
import { languageFor } from '../../common/http/html.js';
import { asksForPage, LANGUAGES } from '../../common/http/page.js';
import { ValidParams } from '../../common/http/parameters.js';
import { Surface } from '../../common/http/surfaces.js';
import { Takes } from '../../common/http/route-takes.js';
import { ConfirmationService } from './confirmation.service.js';
import { confirmPage, confirmPageHeaders } from './confirm-page.js';
import { ConfirmParams } from './dto/confirm-params.js';

const Page = ExampleText('<!doctype html>\n<html lang="en">...</html>\n');
const Confirmed = Type.Object({ confirmed_at: Time });

@ApiTags('notifications')
@Controller('confirm/:token')
@Public()
export class ConfirmController {
  constructor(private readonly confirmation: ConfirmationService) {}

  @Get()
  @Surface('link')
  @ApiOperation({ summary: 'Show a page with a button by which the person confirms that they were told' })
  @Answers(Page, { type: 'text/html' })
  async page(
    @ValidParams() { token }: ConfirmParams,
    @Headers('accept-language') languages: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return showPage(reply, languages, (await this.confirmation.look(token)) !== null);
  }

  @Post()
  @HttpCode(200)
  @Takes({ kinds: ['json', 'fields'] })
  @ApiOperation({ summary: 'Confirm; a browser is answered with a page. Doing it again changes nothing' })
  @Answers(Confirmed)
  async confirm(
    @ValidParams() { token }: ConfirmParams,
    @Headers('accept') accept: string | undefined,
    @Headers('accept-language') languages: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const confirmed_at = await this.confirmation.confirm(token);
    if (asksForPage(accept)) return showPage(reply, languages, true);
    void reply.headers({ vary: 'accept, accept-language', 'cache-control': 'no-store' });
    return { confirmed_at };
  }
}

function showPage(reply: FastifyReply, languages: string | undefined, isConfirmed: boolean): string {
  const language = languageFor(languages, LANGUAGES);
  void reply.headers(confirmPageHeaders(language));
  return confirmPage(language, isConfirmed);
}
