import { Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { User } from '../../auth/principal.js';
import { Answers, Done, PageOf } from '../../common/http/answers.js';
import { OptionalBody, ValidParams } from '../../common/http/parameters.js';
import { SubscriptionDto } from './dto/subscription.dto.js';
import { TopicParams } from './dto/topic-params.js';
import { MyTopicsService } from './my-topics.service.js';
import { MyTopic } from './topic-answers.js';

@ApiTags('topics')
@Controller('me/topics')
@Allow({ role: 'member' })
export class MyTopicsController {
  constructor(private readonly topics: MyTopicsService) {}

  @Get()
  @ApiOperation({ summary: 'List the topics that you have subscribed to' })
  @Answers(PageOf(MyTopic))
  list(@Caller() caller: User) {
    return this.topics.list(caller);
  }

  @Put(':name')
  @ApiOperation({ summary: 'Subscribe to a topic, or change by which way you are told in it' })
  @Answers(MyTopic)
  subscribe(@Caller() caller: User, @ValidParams() { name }: TopicParams, @OptionalBody() body: SubscriptionDto) {
    return this.topics.subscribe(caller, name, body.preference);
  }

  @Delete(':name')
  @HttpCode(200)
  @ApiOperation({ summary: 'End your subscription to a topic' })
  @Answers(Done)
  async unsubscribe(@Caller() caller: User, @ValidParams() { name }: TopicParams) {
    await this.topics.unsubscribe(caller, name);
    return { status: 'ok' };
  }
}
