import { Module } from '@nestjs/common';
import { ClockWatch } from './clock-watch.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { StoreRepository } from './store.repository.js';

@Module({ controllers: [HealthController], providers: [HealthService, StoreRepository, ClockWatch] })
export class HealthModule {}
