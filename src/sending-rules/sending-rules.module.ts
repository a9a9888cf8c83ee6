import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { InboundModule } from '../inbound/inbound.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoutingModule } from '../routing/routing.module.js';

@Module({ imports: [CarriersModule, MessagesModule, InboundModule, RoutingModule] })
export class SendingRulesModule {}
