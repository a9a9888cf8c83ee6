import type { FastifyReply } from 'fastify';
import { ExampleText } from '../common/http/answers.js';
import { PLAIN_PAGE_HEADERS } from '../common/http/plain-page.js';

/** A page for somebody who has opened a link of a message. */
export interface ShownPage {
  status: number;
  language: string;
  html: string;
}

export const Page = ExampleText('<!doctype html>\n<html lang="en">...</html>\n');

export function showPage({ status, language, html }: ShownPage, reply: FastifyReply): string {
  void reply.status(status).headers({ ...PLAIN_PAGE_HEADERS, 'content-language': language });
  void reply.type('text/html; charset=utf-8');
  return html;
}
