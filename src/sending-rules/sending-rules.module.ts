import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { CountersModule } from '../counters/counters.module.js';
import { InboundModule } from '../inbound/inbound.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { CarrierOptOuts } from './carrier-opt-outs.js';
import { Confirmation } from './confirmation.js';
import { DestinationAlarmWorker } from './destination-alarm.worker.js';
import { DestinationAlarms } from './destination-alarms.js';
import { DestinationCounting } from './destination-counting.js';
import { OptOutExportService } from './opt-out-export.service.js';
import { OptOutGate } from './opt-out-gate.js';
import { OptOutHandler } from './opt-out-handler.js';
import { OptOutImportService } from './opt-out-import.service.js';
import { OptOutLookup } from './opt-out-lookup.js';
import { OptOuts } from './opt-outs.js';
import { OptOutsController } from './opt-outs.controller.js';
import { OptOutsRepository } from './opt-outs.repository.js';
import { OptOutsService } from './opt-outs.service.js';

@Module({
  imports: [CarriersModule, CountersModule, MessagesModule, InboundModule, RoutingModule],
  controllers: [OptOutsController],
  providers: [
    OptOutsService,
    OptOutImportService,
    OptOutExportService,
    OptOutsRepository,
    OptOutLookup,
    OptOuts,
    OptOutGate,
    OptOutHandler,
    Confirmation,
    CarrierOptOuts,
    DestinationCounting,
    DestinationAlarms,
    DestinationAlarmWorker,
  ],
  exports: [OptOutLookup, OptOuts, DestinationCounting, DestinationAlarms],
})
export class SendingRulesModule {}
