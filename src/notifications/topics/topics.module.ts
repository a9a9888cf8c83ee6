import { Module } from '@nestjs/common';
import { PeopleModule } from '../../people/people.module.js';
import { MyTopicsController } from './my-topics.controller.js';
import { MyTopicsService } from './my-topics.service.js';
import { SubscriptionsRepository } from './subscriptions.repository.js';
import { Topics } from './topics.js';
import { TopicsController } from './topics.controller.js';
import { TopicsRepository } from './topics.repository.js';
import { TopicsService } from './topics.service.js';

@Module({
  imports: [PeopleModule],
  controllers: [TopicsController, MyTopicsController],
  providers: [Topics, TopicsService, MyTopicsService, TopicsRepository, SubscriptionsRepository],
  exports: [Topics],
})
export class TopicsModule {}
