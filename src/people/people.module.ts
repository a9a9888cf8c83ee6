import { Module } from '@nestjs/common';
import { People } from './people.js';
import { PeopleRepository } from './people.repository.js';
import { PushTokensRepository } from './push-tokens.repository.js';

@Module({
  providers: [People, PeopleRepository, PushTokensRepository],
  exports: [People, PeopleRepository, PushTokensRepository],
})
export class PeopleModule {}
