import { Module } from '@nestjs/common';
import { CountersModule } from '../counters/counters.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { SendingRulesModule } from '../sending-rules/sending-rules.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { Acceptance } from './acceptance.js';
import { DayShares } from './day-shares.js';
import { DeadRequests } from './dead-requests.js';
import { DuplicatePreview } from './duplicate-preview.js';
import { Expansion } from './expansion.js';
import { FingerprintClaims } from './fingerprint-claims.js';
import { FingerprintsRepository } from './fingerprints.repository.js';
import { GatewaysRepository } from './gateways.repository.js';
import { GatewayHeartbeatWorker } from './gateway-heartbeat.worker.js';
import { Idempotency } from './idempotency.js';
import { Preparation } from './preparation.js';
import { RecoveryWorker } from './recovery.worker.js';
import { RequestsExpirables } from './requests.expirables.js';
import { RequestsController } from './requests.controller.js';
import { RequestsRepository } from './requests.repository.js';
import { RequestsService } from './requests.service.js';
import { ResendService } from './resend.service.js';

@Module({
  imports: [CountersModule, MessagesModule, RoutingModule, SendingRulesModule, TemplatesModule],
  controllers: [RequestsController],
  providers: [
    RequestsService,
    RequestsRepository,
    RequestsExpirables,
    ResendService,
    Preparation,
    Acceptance,
    FingerprintClaims,
    DuplicatePreview,
    FingerprintsRepository,
    DayShares,
    DeadRequests,
    GatewaysRepository,
    GatewayHeartbeatWorker,
    Expansion,
    RecoveryWorker,
    Idempotency,
  ],
  exports: [RequestsService, Preparation, Idempotency, DuplicatePreview],
})
export class RequestsModule {}
