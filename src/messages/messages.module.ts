import { Module } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Cancellation } from './cancellation.js';
import { CarrierReports } from './carrier-reports.js';
import { MessageEvents } from './message-events.js';
import { ChangedMinutes } from './counting/changed-minutes.js';
import { Claims } from './claims.js';
import { Gates } from './gates.js';
import { BucketsRepository } from './counting/buckets.repository.js';
import { CountedMessagesRepository } from './counting/counted-messages.repository.js';
import { HourFreezer } from './counting/hour-freezer.js';
import { RecountMarked } from './counting/recount-marked.js';
import { Recount } from './counting/recount.js';
import { RecountWorker } from './counting/recount.worker.js';
import { Departures } from './departures.js';
import { FailWaiting } from './fail-waiting.js';
import { GiveBack } from './give-back.js';
import { MessagesExpirables } from './messages.expirables.js';
import { MessagesController } from './messages.controller.js';
import { HeldMessages } from './held-messages.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { NumberQuery } from './number-query.js';
import { OrderGate } from './order-gate.js';
import { OwnTexts } from './own-texts.js';
import { OldMessagesRepository } from './old-messages.repository.js';
import { PhoneMessagesRepository } from './phone-messages.repository.js';
import { Promotion } from './promotion.js';
import { QueueRepository } from './queue.repository.js';
import { QueueWaiters } from './queue-waiters.js';
import { QueueWorker } from './queue.worker.js';
import { MinuteMarksRepository } from './counting/minute-marks.repository.js';
import { Rerouting } from './rerouting.js';
import { RowByRow } from './row-by-row.js';
import { StatusReports } from './status-reports.js';
import { RoutingModule } from '../routing/routing.module.js';
import { SearchQuery } from './search/search-query.js';
import { SearchRepository } from './search/search.repository.js';
import { MessageSearch } from './search/message-search.js';
import { StalledRepository } from './stalled.repository.js';
import { SharedWakes } from './waking/shared-wakes.js';
import { NoOtherGateways, WakeBus } from './waking/wake-bus.js';
import { WakesRepository } from './waking/wakes.repository.js';

@Module({
  imports: [RoutingModule],
  controllers: [MessagesController],
  providers: [
    MessagesService,
    MessagesRepository,
    MessageSearch,
    SearchRepository,
    SearchQuery,
    MessageEvents,
    MinuteMarksRepository,
    ChangedMinutes,
    BucketsRepository,
    CountedMessagesRepository,
    Recount,
    RecountMarked,
    RecountWorker,
    HourFreezer,
    OldMessagesRepository,
    MessagesExpirables,
    QueueRepository,
    RowByRow,
    Promotion,
    Claims,
    Gates,
    GiveBack,
    HeldMessages,
    FailWaiting,
    OrderGate,
    OwnTexts,
    Rerouting,
    StatusReports,
    CarrierReports,
    StalledRepository,
    PhoneMessagesRepository,
    Cancellation,
    Departures,
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
    MessageEvents,
    MinuteMarksRepository,
    BucketsRepository,
    CountedMessagesRepository,
    Recount,
    RecountMarked,
    OldMessagesRepository,
    QueueRepository,
    Claims,
    Gates,
    GiveBack,
    HeldMessages,
    FailWaiting,
    OwnTexts,
    Rerouting,
    StatusReports,
    CarrierReports,
    StalledRepository,
    PhoneMessagesRepository,
    Cancellation,
    Departures,
    QueueWaiters,
  ],
})
export class MessagesModule {}
