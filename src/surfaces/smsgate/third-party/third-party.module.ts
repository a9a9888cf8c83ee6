import { Module } from '@nestjs/common';
import { AgentsModule } from '../../../agents/agents.module.js';
import { MessagesModule } from '../../../messages/messages.module.js';
import { RequestsModule } from '../../../requests/requests.module.js';
import { RoutingModule } from '../../../routing/routing.module.js';
import { ScriptDevicesController } from './devices.controller.js';
import { DevicesService } from './devices.service.js';
import { MessageSending } from './message-sending.service.js';
import { ScriptMessagesController } from './messages.controller.js';
import { ScriptOthersController } from './others.controller.js';

/** The API by which scripts send through SMSGate, as far as its published client for JavaScript uses it. */
@Module({
  imports: [AgentsModule, MessagesModule, RequestsModule, RoutingModule],
  controllers: [ScriptMessagesController, ScriptDevicesController, ScriptOthersController],
  providers: [MessageSending, DevicesService],
})
export class ThirdPartyModule {}
