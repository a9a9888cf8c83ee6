import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { InboundModule } from '../inbound/inbound.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { Adding } from './adding.js';
import { Beginning } from './beginning.js';
import { Ending } from './ending.js';
import { InFlight } from './in-flight.js';
import { NumberSearch } from './number-search.js';
import { Opening } from './opening.js';
import { Pool } from './pool.js';
import { PoolSeed } from './pool-seed.js';
import { ProxyHandler } from './proxy-handler.js';
import { ReceivedTexts } from './received-texts.js';
import { Relay } from './relay.js';
import { Removing } from './removing.js';
import { SessionTexts } from './session-texts.js';
import { Sessions } from './sessions.js';
import { SessionsExpirables } from './sessions.expirables.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsWorker } from './sessions.worker.js';
import { StartTexts } from './start-texts.js';
import { TnChanges } from './tn-changes.js';
import { TnRoutes } from './tn-routes.js';
import { TnsRepository } from './tns.repository.js';
import { Hook } from './unknown/hook.js';
import { HookSessions } from './unknown/hook-sessions.js';
import { UnknownTextCare } from './unknown/unknown-text-care.js';
import { UnknownTexts } from './unknown/unknown-texts.js';
import { UnknownTextsRepository } from './unknown/unknown-texts.repository.js';
import { UnknownTextsWorker } from './unknown/unknown-texts.worker.js';
import { UnsettledRelays } from './unsettled-relays.js';

@Module({
  imports: [CarriersModule, InboundModule, MessagesModule, RoutingModule],
  providers: [
    Pool,
    PoolSeed,
    Sessions,
    TnsRepository,
    SessionsRepository,
    SessionsExpirables,
    SessionsWorker,
    NumberSearch,
    TnChanges,
    TnRoutes,
    SessionTexts,
    StartTexts,
    InFlight,
    Opening,
    Adding,
    Removing,
    Beginning,
    Ending,
    Relay,
    UnsettledRelays,
    ReceivedTexts,
    Hook,
    HookSessions,
    UnknownTextsRepository,
    UnknownTextCare,
    UnknownTextsWorker,
    UnknownTexts,
    ProxyHandler,
  ],
  exports: [Pool, Sessions, TnChanges, TnsRepository],
})
export class ProxyModule {}
