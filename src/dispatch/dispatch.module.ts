import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { HealthModule } from '../health/health.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { Attempts } from './attempts.js';
import { CallSlots } from './call-slots.js';
import { CarrierCalls } from './carrier-calls.js';
import { DispatchHealth } from './dispatch-health.js';
import { DispatchersWorker } from './dispatchers.worker.js';
import { ReceiptPollWorker } from './receipt-poll.worker.js';
import { Receipts } from './receipts.js';

@Module({
  imports: [CarriersModule, MessagesModule, HealthModule],
  providers: [Attempts, CallSlots, CarrierCalls, DispatchersWorker, DispatchHealth, Receipts, ReceiptPollWorker],
  exports: [CarrierCalls, DispatchersWorker, Receipts],
})
export class DispatchModule {}
