import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { Allow, Public } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Principal } from '../../auth/principal.js';
import { Answers, ExampleText } from '../../common/http/answers.js';
import { pageHeaders } from '../../common/http/page.js';
import { Surface } from '../../common/http/surfaces.js';
import { LandingService } from './landing.service.js';

/** Relative, so that they also hold below the prefix of a proxy. */
const LINKS = {
  health: 'health',
  documentation: 'schema/swagger-ui',
  openapi: 'schema/openapi.json',
  new_session: 'sessions/new',
  preference: 'preference/',
  notify: 'notify/',
};
const Links = Type.Object({
  links: Type.Object(Object.fromEntries(Object.entries(LINKS).map(([name, path]) => [name, ExampleText(path)]))),
});
const Page = ExampleText('<!doctype html>\n<html lang="en">...</html>\n');

@ApiTags('masked sessions')
@Controller()
export class LandingController {
  constructor(private readonly landing: LandingService) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'List where to go from here; browsers are sent to the page for new sessions' })
  @Answers(Links)
  root(@Headers('accept') accept: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('vary', 'accept');
    if (accept?.includes('text/html')) void reply.status(302).header('location', LINKS.new_session);
    return { links: LINKS };
  }

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
