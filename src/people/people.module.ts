import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { SendingRulesModule } from '../sending-rules/sending-rules.module.js';
import { UsersModule } from '../users/users.module.js';
import { AddressEvents } from './address-events.js';
import { AddressConfirmation } from './confirmations/address-confirmation.js';
import { CodeLimits } from './confirmations/code-limits.js';
import { Confirmations } from './confirmations/confirmations.js';
import { ConfirmationsRepository } from './confirmations/confirmations.repository.js';
import { PrivateTexts } from './confirmations/private-texts.js';
import { DeadTokensWorker } from './dead-tokens.worker.js';
import { DevicesController } from './devices.controller.js';
import { DevicesService } from './devices.service.js';
import { OwnPersonController } from './own-person.controller.js';
import { OwnPersonService } from './own-person.service.js';
import { People } from './people.js';
import { PeopleController } from './people.controller.js';
import { PeopleRepository } from './people.repository.js';
import { PeopleService } from './people.service.js';
import { PersonChanges } from './person-changes.js';
import { PersonRemoval } from './person-removal.js';
import { PushTokensRepository } from './push-tokens.repository.js';
import { Stops } from './stops.js';
import { UnsubscribeController } from './unsubscribe/unsubscribe.controller.js';
import { UnsubscribeLinks } from './unsubscribe/unsubscribe-links.js';
import { UnsubscribeService } from './unsubscribe/unsubscribe.service.js';
import { PersonReader } from './typed-person.js';

@Module({
  imports: [CarriersModule, MessagesModule, RoutingModule, SendingRulesModule, UsersModule],
  controllers: [PeopleController, OwnPersonController, DevicesController, UnsubscribeController],
  providers: [
    People,
    PeopleRepository,
    PushTokensRepository,
    PeopleService,
    PersonReader,
    PersonChanges,
    PersonRemoval,
    Stops,
    OwnPersonService,
    DevicesService,
    UnsubscribeLinks,
    UnsubscribeService,
    AddressEvents,
    DeadTokensWorker,
    Confirmations,
    ConfirmationsRepository,
    CodeLimits,
    PrivateTexts,
    AddressConfirmation,
  ],
  exports: [
    People,
    PeopleRepository,
    PushTokensRepository,
    PersonRemoval,
    PersonChanges,
    DevicesService,
    Confirmations,
    CodeLimits,
    PrivateTexts,
  ],
})
export class PeopleModule {}
