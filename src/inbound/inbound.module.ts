import { Module } from '@nestjs/common';
import { InboundController } from './inbound.controller.js';
import { InboundRepository } from './inbound.repository.js';
import { InboundService } from './inbound.service.js';

@Module({ controllers: [InboundController], providers: [InboundService, InboundRepository] })
export class InboundModule {}
