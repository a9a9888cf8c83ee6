import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Public } from '../../auth/allow.js';
import { Answers, ExampleText } from '../../common/http/answers.js';
import { asksForPage, pageHeaders } from '../../common/http/page.js';
import { Surface } from '../../common/http/surfaces.js';
import { PUSH_POLICY } from './firebase-scripts.js';
import { PushPageService } from './push-page.service.js';
import { homePage } from './push-section.js';

/** Relative, so that they also hold below the prefix of a proxy. */
const LINKS = {
  health: 'health',
  new_session: 'sessions/new',
  preference: 'preference/',
  notify: 'notify/',
  push: 'push',
};
const DOCUMENTATION = { documentation: 'schema/swagger-ui', openapi: 'schema/openapi.json' };
const examples = (links: Record<string, string>) =>
  Object.entries(links).map(([name, path]) => [name, ExampleText(path)]);
const Links = Type.Object({
  links: Type.Object({
    ...Object.fromEntries(examples(LINKS)),
    ...Type.Partial(Type.Object(Object.fromEntries(examples(DOCUMENTATION)))).properties,
  }),
});

@ApiTags('push page')
@Controller()
@Surface('page')
export class HomeController {
  constructor(private readonly pages: PushPageService) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'List where to go from here; for browsers a page, on which they also register for pushes' })
  @Answers(Links)
  async home(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('vary', 'accept');
    if (!asksForPage(request.headers.accept))
      return { links: { ...LINKS, ...(this.pages.isDocumented ? DOCUMENTATION : {}) } };
    const view = await this.pages.viewFor(request);
    void reply.headers(pageHeaders(view.language, PUSH_POLICY));
    return homePage(view);
  }
}
