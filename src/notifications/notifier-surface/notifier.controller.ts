import { Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
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

const isForm = (type: string | undefined) => /^application\/x-www-form-urlencoded\b/i.test(type ?? '');

@ApiTags('notifications: to oneself')
@Controller()
@Surface('notifier')
@Allow({ role: 'member' })
export class NotifierController {
  constructor(private readonly notifier: NotifierService) {}

  @Get('preference')
  @ApiOperation({ summary: 'Show how I am notified, and where' })
  @Answers(PreferenceAnswer)
  preference(@Caller() user: User) {
    return this.notifier.show(user);
  }

  @Get('notify')
  @ApiOperation({ summary: 'The same as GET /preference' })
  @Answers(PreferenceAnswer)
  preferenceAgain(@Caller() user: User) {
    return this.notifier.show(user);
  }

  @Post('preference')
  @HttpCode(200)
  @Takes({ kinds: ['json', 'fields'] })
  @ApiOperation({ summary: 'Change how I am notified, and where' })
  @Answers(PreferenceAnswer)
  change(
    @Caller() user: User,
    @OptionalBody(wantedUsage) body: PreferenceDto,
    @Headers('content-type') type: string | undefined,
  ) {
    return this.notifier.change(user, readWanted(body, isForm(type)));
  }

  @Post('notify')
  @HttpCode(200)
  @Takes({ kinds: ['json', 'fields'] })
  @ApiOperation({ summary: 'Notify me by my preference, now or at a time' })
  @Answers(Notified)
  notify(
    @Caller() user: User,
    @ValidBody(noticeUsage) body: NotifyDto,
    @Headers('content-type') type: string | undefined,
  ) {
    return this.notifier.notify(user, readNotice(body, isForm(type)));
  }
}
