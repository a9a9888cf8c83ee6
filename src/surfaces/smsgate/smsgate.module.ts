import { Module } from '@nestjs/common';
import { AgentsModule } from '../../agents/agents.module.js';
import { InboundModule } from '../../inbound/inbound.module.js';
import { MessagesModule } from '../../messages/messages.module.js';
import { AppEvents } from './app-events.js';
import { AppSettings } from './app-settings.service.js';
import { AppVersions } from './app-versions.js';
import { DeviceController } from './device.controller.js';
import { DeviceService } from './device.service.js';
import { EventsController } from './events.controller.js';
import { EventStream } from './event-stream.service.js';
import { Join } from './join.service.js';
import { JoinController } from './join.controller.js';
import { MessageController } from './message.controller.js';
import { MessageService } from './message.service.js';
import { Pulls } from './pulls.js';
import { PhoneCommand } from './phone-command.js';
import { ReceivedController } from './received.controller.js';
import { ReceivedService } from './received.service.js';
import { RegistrationCodesController } from './registration-codes.controller.js';
import { SettingsController } from './settings.controller.js';

/** The SMSGate app in its "private server" mode, as it is published. */
@Module({
  imports: [AgentsModule, InboundModule, MessagesModule],
  controllers: [
    RegistrationCodesController,
    JoinController,
    DeviceController,
    MessageController,
    SettingsController,
    EventsController,
    ReceivedController,
  ],
  providers: [
    Join,
    PhoneCommand,
    AppVersions,
    DeviceService,
    MessageService,
    AppSettings,
    AppEvents,
    Pulls,
    EventStream,
    ReceivedService,
  ],
})
export class SmsgateModule {}
