import { Module } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Cancellation } from './cancellation.js';
import { MessageMoves } from './message-moves.js';
import { ChangedMinutes } from './changed-minutes.js';
import { Claims } from './claims.js';
import { Gates } from './gates.js';
import { GiveBack } from './give-back.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { NumberQuery } from './number-query.js';
import { Promotion } from './promotion.js';
import { QueueRepository } from './queue.repository.js';
import { QueueWaiters } from './queue-waiters.js';
import { QueueWorker } from './queue-worker.js';
import { ReportMarksRepository } from './report-marks.repository.js';
import { Rerouting } from './rerouting.js';
import { Reports } from './reports.js';
import { SearchQuery } from './search/search-query.js';
import { SearchRepository } from './search/search.repository.js';
import { SearchService } from './search/search.service.js';
import { StalledRepository } from './stalled.repository.js';
import { SharedWakes } from './waking/shared-wakes.js';
import { NoOtherGateways, WakeBus } from './waking/wake-bus.js';
import { WakesRepository } from './waking/wakes.repository.js';

@Module({
  controllers: [MessagesController],
  providers: [
    MessagesService,
    MessagesRepository,
    SearchService,
    SearchRepository,
    SearchQuery,
    MessageMoves,
    ReportMarksRepository,
    ChangedMinutes,
    QueueRepository,
    Promotion,
    Claims,
    Gates,
    GiveBack,
    Rerouting,
    Reports,
    StalledRepository,
    Cancellation,
    WakesRepository,
    {
      provide: WakeBus,
      inject: [WakesRepository, Clock],
      useFactory: (wakes: WakesRepository, clock: Clock) =>
        wakes.isShared ? new SharedWakes(wakes, clock) : new NoOtherGateways(),
    },
    QueueWaiters,
    QueueWorker,
    NumberQuery,
  ],
  exports: [
    SearchQuery,
    SearchRepository,
    NumberQuery,
    MessagesService,
    MessagesRepository,
    MessageMoves,
    ReportMarksRepository,
    QueueRepository,
    Claims,
    Gates,
    GiveBack,
    Rerouting,
    Reports,
    StalledRepository,
    Cancellation,
    QueueWaiters,
  ],
})
export class MessagesModule {}
