import { Module } from '@nestjs/common';
import { CountersModule } from '../counters/counters.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { PeopleModule } from '../people/people.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { Audiences } from './audiences.js';
import { Notifications } from './notifications.js';
import { NotificationsExpirables } from './notifications.expirables.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotificationsWorker } from './notifications.worker.js';
import { Plans } from './plans.js';
import { RecipientsRepository } from './recipients.repository.js';
import { Spreading } from './spreading.js';

@Module({
  imports: [CountersModule, MessagesModule, PeopleModule, RoutingModule],
  providers: [
    Notifications,
    NotificationsExpirables,
    NotificationsRepository,
    RecipientsRepository,
    NotificationsWorker,
    Audiences,
    Plans,
    Spreading,
  ],
  exports: [Notifications, NotificationsRepository, RecipientsRepository],
})
export class NotificationsModule {}
