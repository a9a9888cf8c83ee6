import { Module } from '@nestjs/common';
import { InboundExpirables } from './inbound.expirables.js';
import { InboundController } from './inbound.controller.js';
import { InboundHandlers } from './inbound-handlers.js';
import { InboundRepository } from './inbound.repository.js';
import { InboundService } from './inbound.service.js';
import { InboundWorker } from './inbound.worker.js';

@Module({
  controllers: [InboundController],
  providers: [InboundService, InboundRepository, InboundExpirables, InboundHandlers, InboundWorker],
  exports: [InboundService, InboundHandlers],
})
export class InboundModule {}
