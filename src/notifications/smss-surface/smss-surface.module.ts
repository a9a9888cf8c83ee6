import { Module } from '@nestjs/common';
import { MessagesModule } from '../../messages/messages.module.js';
import { NotificationsModule } from '../notifications.module.js';
import { ClientsController } from './clients.controller.js';
import { ClientsRepository } from './clients.repository.js';
import { ClientsService } from './clients.service.js';
import { SmssController } from './smss.controller.js';
import { SmssService } from './smss.service.js';

/** SMS and pushes, as the source system answered for them. */
@Module({
  imports: [MessagesModule, NotificationsModule],
  controllers: [SmssController, ClientsController],
  providers: [SmssService, ClientsService, ClientsRepository],
})
export class SmssSurfaceModule {}
