import { Module } from '@nestjs/common';
import { ProxyModule } from '../proxy.module.js';
import { LandingController } from './landing.controller.js';
import { LandingService } from './landing.service.js';

@Module({ imports: [ProxyModule], controllers: [LandingController], providers: [LandingService] })
export class LandingModule {}
