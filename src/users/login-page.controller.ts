import { Controller, Get, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/allow.js';
import { ApiError } from '../common/errors.js';
import { Answers, ExampleText } from '../common/http/answers.js';
import { languageFor } from '../common/http/html.js';
import { LANGUAGES, pageHeaders, rootFrom } from '../common/http/page.js';
import { ValidBody } from '../common/http/parameters.js';
import { Takes } from '../common/http/route-takes.js';
import { sessionCookie } from '../common/http/session-cookie.js';
import { Surface } from '../common/http/surfaces.js';
import { LoginDto } from './dto/login.dto.js';
import { loginPage } from './login-page.js';
import { LoginService } from './login.service.js';

const Page = ExampleText('<!doctype html>\n<html lang="en">...</html>\n');

/** For people with a browser: programs log in with POST /auth/login. */
@ApiTags('auth')
@Controller()
@Surface('page')
@Public()
export class LoginPageController {
  constructor(private readonly logins: LoginService) {}

  @Get('login')
  @ApiOperation({ summary: 'Show a page on which to log in' })
  @Answers(Page, { type: 'text/html' })
  page(@Headers('accept-language') languages: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const language = languageFor(languages, LANGUAGES);
    void reply.headers(pageHeaders(language));
    return loginPage(language);
  }

  @Post('login')
  @HttpCode(200)
  @Takes({ kinds: ['fields'] })
  @ApiOperation({ summary: 'Log in on the page: sets a cookie, which our pages alone take' })
  @Answers(Page, { type: 'text/html' })
  async login(
    @ValidBody() { username, password }: LoginDto,
    @Headers('accept-language') languages: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const language = languageFor(languages, LANGUAGES);
    void reply.headers(pageHeaders(language));
    try {
      const { access_token, expires_in } = await this.logins.login(username, password, request.ip);
      const cookie = sessionCookie(access_token, expires_in, request.protocol === 'https');
      void reply.status(303).headers({ location: `${rootFrom(request)}preference/`, 'set-cookie': cookie });
      return '';
    } catch (error) {
      if (!(error instanceof ApiError) || ![401, 429].includes(error.status)) throw error;
      void reply.headers(error.status === 429 ? error.headers : {});
      return loginPage(language, error.status === 429 ? 'tooMany' : 'wrong');
    }
  }

  @Post('logout')
  @HttpCode(200)
  @Takes({ kinds: ['fields'] })
  @ApiOperation({ summary: 'Let the browser forget who has logged in' })
  @Answers(Page, { type: 'text/html' })
  logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const cookie = sessionCookie('', 0, request.protocol === 'https');
    void reply.status(303).headers({ location: `${rootFrom(request)}login`, 'set-cookie': cookie });
    return '';
  }
}
