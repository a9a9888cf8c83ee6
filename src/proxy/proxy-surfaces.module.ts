import { Module } from '@nestjs/common';
import { InboundModule } from '../inbound/inbound.module.js';
import { SessionController } from './flowroute-surface/session.controller.js';
import { SessionService } from './flowroute-surface/session.service.js';
import { TnController } from './flowroute-surface/tn.controller.js';
import { TnService } from './flowroute-surface/tn.service.js';
import { OpenSurfacesAuthenticator } from './open-surfaces.authenticator.js';
import { ProxyModule } from './proxy.module.js';
import { SessionPasswordAuthenticator } from './session-password.authenticator.js';
import { ConversationEventsController } from './twilio-surface/conversation-events.controller.js';
import { ConversationHistory } from './twilio-surface/conversation-history.js';
import { ConversationsService } from './twilio-surface/conversations.service.js';
import { ParticipantsController } from './twilio-surface/participants.controller.js';
import { SessionsController } from './twilio-surface/sessions.controller.js';

/** Masked conversations as the two source systems answered for them. */
@Module({
  imports: [InboundModule, ProxyModule],
  controllers: [
    TnController,
    SessionController,
    SessionsController,
    ParticipantsController,
    ConversationEventsController,
  ],
  providers: [
    TnService,
    SessionService,
    ConversationsService,
    ConversationHistory,
    OpenSurfacesAuthenticator,
    SessionPasswordAuthenticator,
  ],
})
export class ProxySurfacesModule {}
