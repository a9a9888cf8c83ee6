import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { InboundModule } from '../inbound/inbound.module.js';
import { CallbackEvents } from './callback-events.js';
import { CallbackIntake } from './callback-intake.js';
import { CallbacksRepository } from './callbacks.repository.js';
import { CallbacksService } from './callbacks.service.js';
import { CallbacksWorker } from './callbacks.worker.js';
import { FlowrouteCallbacksController } from './flowroute-callbacks.controller.js';
import { FlowrouteRootController } from './flowroute-root.controller.js';
import { MissedTextsWorker } from './missed-texts.worker.js';
import { ReadMarksRepository } from './read-marks.repository.js';
import { TwilioCallbacksController } from './twilio-callbacks.controller.js';

@Module({
  imports: [CarriersModule, DispatchModule, InboundModule],
  controllers: [TwilioCallbacksController, FlowrouteCallbacksController, FlowrouteRootController],
  providers: [
    CallbacksService,
    CallbackIntake,
    CallbacksRepository,
    CallbacksWorker,
    CallbackEvents,
    ReadMarksRepository,
    MissedTextsWorker,
  ],
  exports: [CallbackEvents, CallbacksService],
})
export class CallbacksModule {}
