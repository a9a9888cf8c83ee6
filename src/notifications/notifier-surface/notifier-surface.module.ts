import { Module } from '@nestjs/common';
import { PeopleModule } from '../../people/people.module.js';
import { UsersModule } from '../../users/users.module.js';
import { NotificationsModule } from '../notifications.module.js';
import { NotifierController } from './notifier.controller.js';
import { NotifierService } from './notifier.service.js';
import { NotifierViewService } from './notifier-view.service.js';
import { Profiles } from './profiles.js';

/** Preferences and notifications to oneself, as the source system answered for them. */
@Module({
  imports: [NotificationsModule, PeopleModule, UsersModule],
  controllers: [NotifierController],
  providers: [NotifierService, NotifierViewService, Profiles],
})
export class NotifierSurfaceModule {}
