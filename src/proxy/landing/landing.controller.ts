import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Principal } from '../../auth/principal.js';
import { Answers, ExampleText } from '../../common/http/answers.js';
import { pageHeaders } from '../../common/http/page.js';
import { Surface } from '../../common/http/surfaces.js';
import { LandingService } from './landing.service.js';

const Page = ExampleText('<!doctype html>\n<html lang="en">...</html>\n');

@ApiTags('masked sessions')
@Controller()
export class LandingController {
  constructor(private readonly landing: LandingService) {}

  @Get('sessions/new')
  @Allow({ role: 'operator', scopes: ['proxy:manage'] })
  @Surface('page')
  @ApiOperation({ summary: 'Show the pool and a form for a new masked session, as a page' })
  @Answers(Page, { type: 'text/html' })
  async page(
    @Caller() { tenant }: Principal,
    @Headers('accept-language') languages: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { language, html } = await this.landing.page(tenant, languages);
    void reply.headers(pageHeaders(language));
    return html;
  }
}
