import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { InboundModule } from '../inbound/inbound.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { Pool } from './pool.js';
import { Sessions } from './sessions.js';

@Module({
  imports: [CarriersModule, InboundModule, MessagesModule, RoutingModule],
  providers: [Pool, Sessions],
  exports: [Pool, Sessions],
})
export class ProxyModule {}
