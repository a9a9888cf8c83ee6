import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { AgentAuthenticator } from './agent.authenticator.js';
import { AgentController } from './agent.controller.js';
import { AgentDirectory } from './agent-directory.js';
import { AgentPace } from './agent-pace.js';
import { AgentTargets } from './agent-targets.js';
import { AgentReports } from './agent-reports.js';
import { AgentsController } from './agents.controller.js';
import { AgentsRepository } from './agents.repository.js';
import { AgentsService } from './agents.service.js';
import { HeartbeatService } from './heartbeat.service.js';
import { JobsService } from './jobs.service.js';
import { LastSeen } from './last-seen.js';
import { PaceRepository } from './pace.repository.js';
import { Reassignment } from './reassignment.js';
import { RegistrationSecretController } from './registration-secret.controller.js';
import { RegistrationService } from './registration.service.js';
import { RegistrationThrottle } from './registration-throttle.js';
import { Stalled } from './stalled.js';
import { StalledController } from './stalled.controller.js';

@Module({
  imports: [MessagesModule, RoutingModule],
  controllers: [AgentController, AgentsController, RegistrationSecretController, StalledController],
  providers: [
    AgentsService,
    AgentsRepository,
    AgentDirectory,
    AgentAuthenticator,
    RegistrationService,
    RegistrationThrottle,
    HeartbeatService,
    LastSeen,
    JobsService,
    AgentPace,
    PaceRepository,
    AgentReports,
    AgentTargets,
    Reassignment,
    Stalled,
  ],
  exports: [AgentsService, AgentsRepository],
})
export class AgentsModule {}
