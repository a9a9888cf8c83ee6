import { Module } from '@nestjs/common';
import { CountersModule } from '../counters/counters.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { PeopleModule } from '../people/people.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { Audiences } from './audiences.js';
import { ConfirmLinks } from './confirm-links.js';
import { Escalation } from './escalation.js';
import { Notifications } from './notifications.js';
import { NotificationsExpirables } from './notifications.expirables.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotificationsWorker } from './notifications.worker.js';
import { Plans } from './plans.js';
import { RecipientsRepository } from './recipients.repository.js';
import { Sending } from './sending.js';
import { Settling } from './settling.js';
import { SettlingWorker } from './settling.worker.js';
import { Spreading } from './spreading.js';
import { WayRoutes } from './way-routes.js';
import { Withdrawal } from './withdrawal.js';

@Module({
  imports: [CountersModule, MessagesModule, PeopleModule, RoutingModule],
  providers: [
    Notifications,
    NotificationsExpirables,
    NotificationsRepository,
    RecipientsRepository,
    NotificationsWorker,
    Audiences,
    ConfirmLinks,
    Escalation,
    Plans,
    Sending,
    Settling,
    SettlingWorker,
    Spreading,
    WayRoutes,
    Withdrawal,
  ],
  exports: [Notifications, NotificationsRepository, RecipientsRepository],
})
export class NotificationsModule {}
