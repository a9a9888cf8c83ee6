import type { FastifyReply } from 'fastify';
import { ExampleText } from '../common/http/answers.js';
import { pageHeaders, type Language } from '../common/http/page.js';

/** A page for somebody who has opened a link of a message. */
export interface ShownPage {
  status: number;
  language: Language;
  html: string;
}

export const Page = ExampleText('<!doctype html>\n<html lang="en">...</html>\n');

export function showPage({ status, language, html }: ShownPage, reply: FastifyReply): string {
  void reply.status(status).headers(pageHeaders(language));
  return html;
}
