import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { User } from '../../auth/principal.js';
import { languageFor } from '../../common/http/html.js';
import { asksForPage, LANGUAGES, pageHeaders, rootFrom } from '../../common/http/page.js';
import { WordedError } from '../../common/http/source-errors.js';
import { notifierPage } from './notifier-page.js';
import { NotifierService } from './notifier.service.js';

/** Programs get the answer, people a page with it. */
@Injectable()
export class NotifierViewService {
  constructor(private readonly notifier: NotifierService) {}

  async show(user: User, request: FastifyRequest, reply: FastifyReply, work: () => Promise<object>) {
    if (!asksForPage(request.headers.accept)) return work();
    const answer = await work().catch((error: unknown) => {
      if (!(error instanceof WordedError)) throw error;
      void reply.status(error.status);
      return error.body;
    });
    const language = languageFor(request.headers['accept-language'], LANGUAGES);
    void reply.headers(pageHeaders(language));
    return notifierPage(language, rootFrom(request), await this.notifier.show(user), answer);
  }
}
