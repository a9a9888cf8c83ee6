import { Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { IdParams } from '../common/dto/id-params.js';
import { PageQuery } from '../common/dto/page-query.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { ValidBody, ValidParams, ValidQuery } from '../common/http/parameters.js';
import { Takes } from '../common/http/route-takes.js';
import { IDEMPOTENCY } from '../common/idempotency-key.js';
import { CreateNotificationDto } from './dto/create-notification.dto.js';
import { ListNotificationsQuery } from './dto/list-notifications.query.js';
import { ListRecipientsQuery } from './dto/list-recipients.query.js';
import { CanceledNotification, Notification, NotificationInFull, Recipient, ToldToMe } from './notification-answers.js';
import { NotificationsService, type Teller } from './notifications.service.js';

const SEND = { role: 'operator', scopes: ['notify:send'] } as const;
const READ = { role: 'viewer', scopes: ['notify:send'] } as const;

@ApiTags('notifications')
@Controller('notifications')
@Allow(READ)
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Post()
  @Allow(SEND)
  // Up to 5,000 addresses, of which those of devices are long.
  @Takes({ atMost: '8 MiB' })
  @ApiOperation({ summary: 'Tell people something: by SMS, e-mail or push, as they prefer or in the given order' })
  @Answers(NotificationInFull)
  @ApiHeader(IDEMPOTENCY)
  create(@Caller() caller: Teller, @ValidBody() body: CreateNotificationDto, @Headers(IDEMPOTENCY.name) key?: string) {
    return this.notifications.create(caller, body, key);
  }

  @Get()
  @ApiOperation({ summary: 'List notifications, newest first: a key its own, a user the tenant’s' })
  @Answers(PageOf(Notification))
  list(@Caller() caller: Teller, @ValidQuery() query: ListNotificationsQuery) {
    return this.notifications.list(caller, query, query);
  }

  @Get('mine')
  @Allow({ role: 'member' })
  @ApiOperation({ summary: 'List what you were told, newest first' })
  @Answers(PageOf(ToldToMe))
  mine(@Caller() caller: User, @ValidQuery() page: PageQuery) {
    return this.notifications.mine(caller, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a notification, how many have which outcome, and the first of them' })
  @Answers(NotificationInFull)
  get(@Caller() caller: Teller, @ValidParams() { id }: IdParams) {
    return this.notifications.get(caller, id);
  }

  @Get(':id/recipients')
  @ApiOperation({ summary: 'List whom a notification goes to, with every attempt' })
  @Answers(PageOf(Recipient))
  recipients(@Caller() caller: Teller, @ValidParams() { id }: IdParams, @ValidQuery() query: ListRecipientsQuery) {
    return this.notifications.listRecipients(caller, id, query.outcome, query);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Allow(SEND)
  @ApiOperation({ summary: 'Cancel what nobody is sending yet of a notification' })
  @Answers(CanceledNotification)
  cancel(@Caller() caller: Teller, @ValidParams() { id }: IdParams) {
    return this.notifications.cancel(caller, id);
  }
}
