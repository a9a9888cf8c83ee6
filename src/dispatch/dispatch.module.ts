import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { CountersModule } from '../counters/counters.module.js';
import { HealthModule } from '../health/health.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { Attempts } from './attempts.js';
import { CallFiguresWorker } from './call-figures.worker.js';
import { CallSlots } from './call-slots.js';
import { CarrierCalls } from './carrier-calls.js';
import { DispatchHealth } from './dispatch-health.js';
import { DispatchersWorker } from './dispatchers.worker.js';
import { ReceiptPollWorker } from './receipt-poll.worker.js';
import { Receipts } from './receipts.js';

@Module({
  imports: [CarriersModule, CountersModule, MessagesModule, HealthModule],
  providers: [
    Attempts,
    CallFiguresWorker,
    CallSlots,
    CarrierCalls,
    DispatchersWorker,
    DispatchHealth,
    Receipts,
    ReceiptPollWorker,
  ],
  exports: [CarrierCalls, DispatchersWorker, Receipts],
})
export class DispatchModule {}
