import { Module } from '@nestjs/common';
import { RoutingModule } from '../routing/routing.module.js';
import { InboundModule } from '../inbound/inbound.module.js';
import { SessionController } from './flowroute-surface/session.controller.js';
import { SessionService } from './flowroute-surface/session.service.js';
import { TnController } from './flowroute-surface/tn.controller.js';
import { TnService } from './flowroute-surface/tn.service.js';
import { OpenSurfacesAuthenticator } from './open-surfaces.authenticator.js';
import { ProxyModule } from './proxy.module.js';
import { TnsController } from './tns.controller.js';
import { TnsService } from './tns.service.js';
import { SessionPasswordAuthenticator } from './session-password.authenticator.js';
import { ConversationEventsController } from './twilio-surface/conversation-events.controller.js';
import { ConversationHistory } from './twilio-surface/conversation-history.js';
import { ConversationsService } from './twilio-surface/conversations.service.js';
import { ParticipantsController } from './twilio-surface/participants.controller.js';
import { ParticipantsService } from './twilio-surface/participants.service.js';
import { SessionParticipantsController } from './twilio-surface/session-participants.controller.js';
import { SessionSearch } from './twilio-surface/session-search.js';
import { SessionsController } from './twilio-surface/sessions.controller.js';

/** The pool for administrators, and masked conversations as the two source systems answered for them. */
@Module({
  imports: [InboundModule, ProxyModule, RoutingModule],
  controllers: [
    TnsController,
    TnController,
    SessionController,
    SessionsController,
    ParticipantsController,
    SessionParticipantsController,
    ConversationEventsController,
  ],
  providers: [
    TnsService,
    TnService,
    SessionService,
    ConversationsService,
    ConversationHistory,
    ParticipantsService,
    SessionSearch,
    OpenSurfacesAuthenticator,
    SessionPasswordAuthenticator,
  ],
})
export class ProxySurfacesModule {}
