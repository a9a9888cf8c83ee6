import { Module } from '@nestjs/common';
import { CarriersModule } from '../../carriers/carriers.module.js';
import { PeopleModule } from '../../people/people.module.js';
import { HomeController } from './home.controller.js';
import { PushPageController } from './push-page.controller.js';
import { PushPageService } from './push-page.service.js';

@Module({
  imports: [CarriersModule, PeopleModule],
  controllers: [HomeController, PushPageController],
  providers: [PushPageService],
})
export class PushPageModule {}
