import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { InboundModule } from '../inbound/inbound.module.js';

@Module({ imports: [CarriersModule, DispatchModule, InboundModule] })
export class CallbacksModule {}
