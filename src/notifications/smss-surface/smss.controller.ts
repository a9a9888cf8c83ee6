import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { minutes, Throttle } from '@nestjs/throttler';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Principal } from '../../auth/principal.js';
import { Answers } from '../../common/http/answers.js';
import { ValidBody } from '../../common/http/parameters.js';
import { Surface } from '../../common/http/surfaces.js';
import { NotifyTokensDto } from './dto/notify-tokens.dto.js';
import { NotifyTopicDto } from './dto/notify-topic.dto.js';
import { SendSmsDto } from './dto/send-sms.dto.js';
import { tokensUsage, usage } from './refusals.js';
import { SmsSent, TokensNotified, TopicNotified } from './smss-answers.js';
import { SmssService } from './smss.service.js';

/** As many SMS as a caller of the source system could send; both of its paths share them. */
const SparingSms = () =>
  Throttle({ default: { limit: 5, ttl: minutes(1), generateKey: (_, caller) => `smss:${caller}` } });

/** Each under two paths: the source system's own, and the one that it had before. */
@ApiTags('notifications: SMS and FCM')
@Controller()
@Surface('smss')
@Allow({ role: 'operator', scopes: ['notify:send'] })
export class SmssController {
  constructor(private readonly smss: SmssService) {}

  @Post('smss')
  @HttpCode(200)
  @SparingSms()
  @ApiOperation({ summary: 'Send an SMS, at most five a minute; the subject is its first line' })
  @Answers(SmsSent)
  sms(@Caller() caller: Principal, @ValidBody(usage) body: SendSmsDto) {
    return this.smss.sms(caller, body);
  }

  @Post('send-sms')
  @HttpCode(200)
  @SparingSms()
  @ApiOperation({ summary: 'The same as POST /smss' })
  @Answers(SmsSent)
  sendSms(@Caller() caller: Principal, @ValidBody(usage) body: SendSmsDto) {
    return this.smss.sms(caller, body);
  }

  @Post('notifications/tokens')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send a push to devices and browsers by their registration tokens' })
  @Answers(TokensNotified)
  tokens(@Caller() caller: Principal, @ValidBody(tokensUsage) body: NotifyTokensDto) {
    return this.smss.tokens(caller, body);
  }

  @Post('send-notification')
  @HttpCode(200)
  @ApiOperation({ summary: 'The same as POST /notifications/tokens' })
  @Answers(TokensNotified)
  sendNotification(@Caller() caller: Principal, @ValidBody(tokensUsage) body: NotifyTokensDto) {
    return this.smss.tokens(caller, body);
  }

  @Post('notifications/topic')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send a push to whoever has subscribed to a topic, and wait until Firebase has taken it' })
  @Answers(TopicNotified)
  topic(@Caller() caller: Principal, @ValidBody(usage) body: NotifyTopicDto) {
    return this.smss.topic(caller, body);
  }

  @Post('notify-topic')
  @HttpCode(200)
  @ApiOperation({ summary: 'The same as POST /notifications/topic' })
  @Answers(TopicNotified)
  notifyTopic(@Caller() caller: Principal, @ValidBody(usage) body: NotifyTopicDto) {
    return this.smss.topic(caller, body);
  }
}
