import { Module } from '@nestjs/common';
import { AgentsModule } from '../../agents/agents.module.js';
import { InboundModule } from '../../inbound/inbound.module.js';
import { MessagesModule } from '../../messages/messages.module.js';
import { ChtAuthenticator } from './cht.authenticator.js';
import { ChtController } from './cht.controller.js';
import { ChtPhonesController } from './cht-phones.controller.js';
import { ChtPhonesService } from './cht-phones.service.js';
import { PollService } from './poll.service.js';

/** The CHT Gateway app, which polls one address. */
@Module({
  imports: [AgentsModule, InboundModule, MessagesModule],
  controllers: [ChtPhonesController, ChtController],
  providers: [ChtAuthenticator, ChtPhonesService, PollService],
})
export class ChtModule {}
