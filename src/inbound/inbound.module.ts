import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { InboundController } from './inbound.controller.js';
import { InboundRepository } from './inbound.repository.js';
import { InboundService } from './inbound.service.js';

@Module({ imports: [MessagesModule], controllers: [InboundController], providers: [InboundService, InboundRepository] })
export class InboundModule {}
