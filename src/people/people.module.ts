import { Module } from '@nestjs/common';
import { RoutingModule } from '../routing/routing.module.js';
import { SendingRulesModule } from '../sending-rules/sending-rules.module.js';
import { People } from './people.js';
import { PeopleController } from './people.controller.js';
import { PeopleRepository } from './people.repository.js';
import { PeopleService } from './people.service.js';
import { PersonChanges } from './person-changes.js';
import { PersonRemoval } from './person-removal.js';
import { PushTokensRepository } from './push-tokens.repository.js';
import { Stops } from './stops.js';
import { PersonReader } from './typed-person.js';

@Module({
  imports: [RoutingModule, SendingRulesModule],
  controllers: [PeopleController],
  providers: [
    People,
    PeopleRepository,
    PushTokensRepository,
    PeopleService,
    PersonReader,
    PersonChanges,
    PersonRemoval,
    Stops,
  ],
  exports: [People, PeopleRepository, PushTokensRepository, PersonRemoval],
})
export class PeopleModule {}
