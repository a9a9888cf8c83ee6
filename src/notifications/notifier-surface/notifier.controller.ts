import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { User } from '../../auth/principal.js';
import { Answers } from '../../common/http/answers.js';
import { OptionalBody, ValidBody } from '../../common/http/parameters.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';
import { NotifyDto } from './dto/notify.dto.js';
import { PreferenceDto } from './dto/preference.dto.js';
import { Notified, PreferenceAnswer } from './notifier-answers.js';
import { noticeUsage, readNotice, readWanted, wantedUsage } from './notifier-body.js';
import { NotifierService } from './notifier.service.js';
import { NotifierViewService } from './notifier-view.service.js';

const isForm = ({ headers }: FastifyRequest) =>
  /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');

@ApiTags('notifications: to oneself')
@Controller()
@Surface('notifier')
@Allow({ role: 'member' })
export class NotifierController {
  constructor(
    private readonly notifier: NotifierService,
    private readonly view: NotifierViewService,
  ) {}

  @Get('preference')
  @ApiOperation({ summary: 'Show how I am notified, and where' })
  @Answers(PreferenceAnswer)
  preference(@Caller() user: User, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.view.show(user, request, reply, () => this.notifier.show(user));
  }

  @Get('notify')
  @ApiOperation({ summary: 'The same as GET /preference' })
  @Answers(PreferenceAnswer)
  preferenceAgain(
    @Caller() user: User,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.view.show(user, request, reply, () => this.notifier.show(user));
  }

  @Post('preference')
  @HttpCode(200)
  @Takes({ kinds: ['json', 'fields'] })
  @ApiOperation({ summary: 'Change how I am notified, and where' })
  @Answers(PreferenceAnswer)
  change(
    @Caller() user: User,
    @OptionalBody(wantedUsage) body: PreferenceDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.view.show(user, request, reply, async () =>
      this.notifier.change(user, readWanted(body, isForm(request))),
    );
  }

  @Post('notify')
  @HttpCode(200)
  @Takes({ kinds: ['json', 'fields'] })
  @ApiOperation({ summary: 'Notify me by my preference, now or at a time' })
  @Answers(Notified)
  notify(
    @Caller() user: User,
    @ValidBody(noticeUsage) body: NotifyDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.view.show(user, request, reply, async () =>
      this.notifier.notify(user, readNotice(body, isForm(request))),
    );
  }
}
