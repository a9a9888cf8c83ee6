import { Module } from '@nestjs/common';
import { CountersModule } from '../counters/counters.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { AgentAuthenticator } from './agent.authenticator.js';
import { AgentController } from './agent.controller.js';
import { AgentClaims } from './agent-claims.js';
import { AppRegistration } from './app-registration.js';
import { AgentDirectory } from './agent-directory.js';
import { AgentOverviewService } from './agent-overview.service.js';
import { AgentPace } from './agent-pace.js';
import { AgentTargets } from './agent-targets.js';
import { StatusReportsService } from './status-reports.service.js';
import { AgentsController } from './agents.controller.js';
import { AgentsRepository } from './agents.repository.js';
import { AgentsService } from './agents.service.js';
import { Fleet } from './fleet.js';
import { HeartbeatService } from './heartbeat.service.js';
import { JobsService } from './jobs.service.js';
import { LastSeen } from './last-seen.js';
import { ReassignmentService } from './reassignment.service.js';
import { RegistrationSecretController } from './registration-secret.controller.js';
import { RegistrationService } from './registration.service.js';
import { RegistrationCodes } from './registration-codes.js';
import { RegistrationProof } from './registration-proof.js';
import { RegistrationThrottle } from './registration-throttle.js';
import { RegistrationEvents } from './registration-events.js';
import { RotationAdvice } from './rotation-advice.js';
import { StalledService } from './stalled.service.js';
import { StalledController } from './stalled.controller.js';
import { TestText } from './test-text.js';

@Module({
  imports: [CountersModule, MessagesModule, RoutingModule],
  controllers: [AgentController, AgentsController, RegistrationSecretController, StalledController],
  providers: [
    AgentsService,
    AgentOverviewService,
    AgentsRepository,
    AgentDirectory,
    Fleet,
    AgentAuthenticator,
    RegistrationService,
    RegistrationProof,
    RegistrationCodes,
    AppRegistration,
    RegistrationThrottle,
    RegistrationEvents,
    RotationAdvice,
    HeartbeatService,
    LastSeen,
    AgentClaims,
    JobsService,
    AgentPace,
    StatusReportsService,
    AgentTargets,
    ReassignmentService,
    StalledService,
    TestText,
  ],
  exports: [
    AgentsService,
    AgentsRepository,
    RegistrationEvents,
    AgentClaims,
    AgentDirectory,
    AppRegistration,
    HeartbeatService,
    LastSeen,
    RegistrationCodes,
    StatusReportsService,
    TestText,
  ],
})
export class AgentsModule {}
