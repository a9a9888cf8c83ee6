import { Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Client, User } from '../../auth/principal.js';
import { PageQuery } from '../../common/dto/page-query.js';
import { Answers, Done, PageOf } from '../../common/http/answers.js';
import { OptionalBody, ValidBody, ValidParams, ValidQuery } from '../../common/http/parameters.js';
import { Takes } from '../../common/http/route-takes.js';
import { CreateTopicDto } from './dto/create-topic.dto.js';
import { SubscribeDto } from './dto/subscribe.dto.js';
import { SubscriberParams } from './dto/subscriber-params.js';
import { SubscriptionDto } from './dto/subscription.dto.js';
import { TopicParams } from './dto/topic-params.js';
import { Subscribed, Subscriber, Topic } from './topic-answers.js';
import { TopicsService } from './topics.service.js';

const READ = { role: 'viewer', scopes: ['notify:send'] } as const;

@ApiTags('topics')
@Controller('topics')
@Allow({ role: 'operator', scopes: ['notify:send'] })
export class TopicsController {
  constructor(private readonly topics: TopicsService) {}

  @Get()
  @Allow(READ)
  @ApiOperation({ summary: 'List topics, newest first' })
  @Answers(PageOf(Topic))
  list(@Caller() caller: Client | User, @ValidQuery() page: PageQuery) {
    return this.topics.list(caller, page);
  }

  @Post()
  @ApiOperation({ summary: 'Create a topic that people and devices can subscribe to' })
  @Answers(Topic)
  create(@Caller() caller: Client | User, @ValidBody() body: CreateTopicDto) {
    return this.topics.create(caller, body);
  }

  @Get(':name')
  @Allow(READ)
  @ApiOperation({ summary: 'Show a topic' })
  @Answers(Topic)
  get(@Caller() caller: Client | User, @ValidParams() { name }: TopicParams) {
    return this.topics.get(caller, name);
  }

  @Delete(':name')
  @HttpCode(200)
  @ApiOperation({ summary: 'Delete a topic and its subscriptions; what was sent to it stays' })
  @Answers(Done)
  async remove(@Caller() caller: Client | User, @ValidParams() { name }: TopicParams) {
    await this.topics.remove(caller, name);
    return { status: 'ok' };
  }

  @Get(':name/subscribers')
  @Allow(READ)
  @ApiOperation({ summary: 'List the people and devices that have subscribed to a topic' })
  @Answers(PageOf(Subscriber))
  subscribers(@Caller() caller: Client | User, @ValidParams() { name }: TopicParams, @ValidQuery() page: PageQuery) {
    return this.topics.listSubscribers(caller, name, page);
  }

  @Post(':name/subscribers')
  @HttpCode(200)
  @Takes({ atMost: '8 MiB' })
  @ApiOperation({ summary: 'Subscribe up to 5,000 people and devices to a topic' })
  @Answers(Subscribed)
  subscribeMany(
    @Caller() caller: Client | User,
    @ValidParams() { name }: TopicParams,
    @ValidBody() body: SubscribeDto,
  ) {
    return this.topics.subscribeMany(caller, name, body);
  }

  @Get(':name/subscribers/:id')
  @Allow(READ)
  @ApiOperation({ summary: 'Show whether a person or a device has subscribed to a topic' })
  @Answers(Subscriber)
  subscriber(@Caller() caller: Client | User, @ValidParams() { name, id }: SubscriberParams) {
    return this.topics.getSubscriber(caller, name, id);
  }

  @Put(':name/subscribers/:id')
  @ApiOperation({ summary: 'Subscribe a person or a device to a topic, or change the preference in it' })
  @Answers(Subscriber)
  subscribe(
    @Caller() caller: Client | User,
    @ValidParams() { name, id }: SubscriberParams,
    @OptionalBody() body: SubscriptionDto,
  ) {
    return this.topics.subscribe(caller, name, id, body.preference);
  }

  @Delete(':name/subscribers/:id')
  @HttpCode(200)
  @ApiOperation({ summary: 'End the subscription of a person or a device' })
  @Answers(Done)
  async unsubscribe(@Caller() caller: Client | User, @ValidParams() { name, id }: SubscriberParams) {
    await this.topics.unsubscribe(caller, name, id);
    return { status: 'ok' };
  }
}
