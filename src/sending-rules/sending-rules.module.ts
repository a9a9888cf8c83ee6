import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { InboundModule } from '../inbound/inbound.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { CarrierOptOuts } from './carrier-opt-outs.js';
import { Confirmation } from './confirmation.js';
import { OptOutGate } from './opt-out-gate.js';
import { OptOutHandler } from './opt-out-handler.js';
import { OptOutLookup } from './opt-out-lookup.js';
import { OptOuts } from './opt-outs.js';
import { OptOutsRepository } from './opt-outs.repository.js';

@Module({
  imports: [CarriersModule, MessagesModule, InboundModule, RoutingModule],
  providers: [OptOutsRepository, OptOutLookup, OptOuts, OptOutGate, OptOutHandler, Confirmation, CarrierOptOuts],
  exports: [OptOutLookup],
})
export class SendingRulesModule {}
