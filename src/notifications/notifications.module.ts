import { Module } from '@nestjs/common';
import { CountersModule } from '../counters/counters.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { PeopleModule } from '../people/people.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { AudienceReader } from './audience-reader.js';
import { Audiences } from './audiences.js';
import { ConfirmLinks } from './confirming/confirm-links.js';
import { ConfirmController } from './confirming/confirm.controller.js';
import { ConfirmationService } from './confirming/confirmation.service.js';
import { Escalation } from './escalation.js';
import { Notifications } from './notifications.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsService } from './notifications.service.js';
import { OrderReader } from './order-reader.js';
import { TopicsModule } from './topics/topics.module.js';
import { NotificationsExpirables } from './notifications.expirables.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotificationsWorker } from './notifications.worker.js';
import { OutcomeSearch } from './outcome-search.js';
import { Plans } from './plans.js';
import { PushTokensController } from './push-tokens.controller.js';
import { PushTokensService } from './push-tokens.service.js';
import { TokenNotificationsRepository } from './token-notifications.repository.js';
import { RecipientsRepository } from './recipients.repository.js';
import { Sending } from './sending.js';
import { Settling } from './settling.js';
import { SettlingWorker } from './settling.worker.js';
import { Spreading } from './spreading.js';
import { WayRoutes } from './way-routes.js';
import { Withdrawal } from './withdrawal.js';

@Module({
  imports: [CountersModule, MessagesModule, PeopleModule, RoutingModule, TemplatesModule, TopicsModule],
  controllers: [NotificationsController, PushTokensController, ConfirmController],
  providers: [
    Notifications,
    NotificationsExpirables,
    NotificationsRepository,
    RecipientsRepository,
    NotificationsWorker,
    NotificationsService,
    OrderReader,
    AudienceReader,
    Audiences,
    ConfirmLinks,
    ConfirmationService,
    PushTokensService,
    TokenNotificationsRepository,
    Escalation,
    OutcomeSearch,
    Plans,
    Sending,
    Settling,
    SettlingWorker,
    Spreading,
    WayRoutes,
    Withdrawal,
  ],
  exports: [Notifications, NotificationsRepository, RecipientsRepository, TopicsModule],
})
export class NotificationsModule {}
