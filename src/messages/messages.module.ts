import { Module } from '@nestjs/common';
import { Cancellation } from './cancellation.js';
import { Claims } from './claims.js';
import { GiveBack } from './give-back.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { NumberQuery } from './number-query.js';
import { Promotion } from './promotion.js';
import { QueueRepository } from './queue.repository.js';
import { QueueWaiters } from './queue-waiters.js';
import { QueueWorker } from './queue-worker.js';
import { Reports } from './reports.js';
import { StalledRepository } from './stalled.repository.js';

@Module({
  controllers: [MessagesController],
  providers: [
    MessagesService,
    MessagesRepository,
    QueueRepository,
    Promotion,
    Claims,
    GiveBack,
    Reports,
    StalledRepository,
    Cancellation,
    QueueWaiters,
    QueueWorker,
    NumberQuery,
  ],
  exports: [
    NumberQuery,
    MessagesService,
    MessagesRepository,
    QueueRepository,
    Claims,
    GiveBack,
    Reports,
    StalledRepository,
    Cancellation,
    QueueWaiters,
  ],
})
export class MessagesModule {}
